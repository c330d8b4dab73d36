/// The sizes that faults come in.
package enum Page {
    /// A word, the unit of atomicity, in bytes.
    package static let wordBytes = 8
    /// A page that one PTE maps, in bytes.
    package static let bytes = 4096
    package static let words = bytes / wordBytes
    /// What one PMD maps, in bytes.
    package static let pmdBytes = 2 << 20
    package static let pmdPages = pmdBytes / bytes
}
