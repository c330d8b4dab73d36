package import DaxModel
package import DaxOracle
import DaxText

/// The pages of one file's mappings that reach what they must not, at one quiet point.
package struct MisplacedPages {
    /// Pages that were judged, and those that could not be.
    package private(set) var compared = 0
    package private(set) var unknown = 0
    /// Mappings with wrong pages.
    package private(set) var mappings: [Mapping] = []

    package init() {}

    /// A mapping with wrong pages.
    package struct Mapping {
        package var name: String
        package var wrong: Int
        package var first: FileBlocks.Misplaced
        /// Whether the first wrong page shows what write(2) puts there; nil where nobody tried.
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

extension MisplacedPages {
    /// All misplaced pages as one finding (R12); nil where there are none.
    ///
    /// `owner` says whose block a frame is now, where it knows, and `changes` which operations of the epoch
    /// last changed the block of a page.
    package func finding(
        file: String, owner: (FrameNumber) -> String?, changes: (PageNumber) -> [String]
    ) -> Finding? {
        guard let mapping = mappings.first else { return nil }
        let (name, first) = (mapping.name, mapping.first)
        let offset = first.page.offset
        let frame = first.frame
        let block = first.expected.map { "frame \($0)" }
        let place =
            first.isBeyondEnd
            ? "beyond the end of file"
            : block.map { "where the file's block is \($0)" }
                ?? "where the file has no written block"
        let whose =
            !first.isOnDevice
            ? "not the device's, as a page of zeros is not\(mapping.probe)"
            : owner(first.frame).map { "\($0) now" } ?? "no block of a file under test now"
        return Finding(
            rule: .physical, file: file, offset: offset,
            expected: first.isBeyondEnd ? "nothing mapped" : block ?? "no frame of the device",
            observed: "frame \(frame)",
            operations: mappings.map {
                "\($0.name): \(Figures.count($0.wrong, "page")), the first at offset "
                    + "\($0.first.page.offset)"
            } + changes(first.page),
            story: "at the quiet point \(name) reaches frame \(frame), \(place). "
                + "It is \(whose)",
            signature: Signature(rule: .physical, seen: first.told))
    }
}

extension MisplacedPages.Mapping {
    /// What became of the word that was written there, as the end of a sentence.
    fileprivate var probe: String {
        switch shows {
        case nil: ""
        case false?: "; what write(2) puts there it does not show"
        case true?: "; what write(2) puts there it shows"
        }
    }
}

extension FileBlocks.Misplaced {
    /// What it is called in a signature.
    fileprivate var told: String {
        let place =
            isBeyondEnd
            ? "beyond the end" : expected == nil ? "where no block is written" : "for another"
        return isOnDevice ? "a block \(place)" : "no block of the device, \(place)"
    }
}
