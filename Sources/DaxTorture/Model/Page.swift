/// The sizes that faults come in.
public enum Page {
    /// A word, the unit of atomicity, in bytes.
    public static let wordBytes = 8
    /// A page that one PTE maps, in bytes.
    public static let bytes = 4096
    public static let words = bytes / wordBytes
    /// What one PMD maps, in bytes.
    public static let pmdBytes = 2 << 20
    public static let pmdPages = pmdBytes / bytes
}
