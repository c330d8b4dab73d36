package import DaxOracle

/// The pages of one file's mappings that reach what they must not, at one quiet point.
package struct MisplacedPages {
    /// Pages judged, and those that could not be.
    package private(set) var compared = 0
    package private(set) var unknown = 0
    /// Mappings with wrong pages.
    package private(set) var mappings: [Mapping] = []

    package init() {}

    /// One of them.
    package struct Mapping {
        package var name: String
        package var wrong: Int
        package var first: FileBlocks.Misplaced
        /// Whether the first shows what write(2) puts there; nil where nobody tried.
        package var shows: Bool?
    }

    package mutating func add(
        _ found: FileBlocks.Findings, shows: Bool? = nil, mapping name: String
    ) {
        compared += found.compared
        unknown += found.unknown
        guard let first = found.first else { return }
        mappings.append(Mapping(name: name, wrong: found.wrong, first: first, shows: shows))
    }
}
