import DaxModel
import DaxOracle
import DaxReport
import DaxSystem
import DaxText

/// What mappings reach that they must not (R12).
extension Ledger {
    /// Takes over what was found in the mappings of one file at a quiet point, as one violation;
    /// `owner` says whose block a frame is now, where it knows, and `changes` which operations of the epoch
    /// last changed the block of a page.
    mutating func add(
        _ misplaced: MisplacedPages, file: String, owner: (UInt64) -> String?,
        changes: (UInt64) -> [String] = { _ in [] }
    ) {
        pagesLocated += UInt64(misplaced.compared)
        pagesNotLocated += UInt64(misplaced.unknown)
        guard let mapping = misplaced.mappings.first else { return }
        let (name, first) = (mapping.name, mapping.first)
        let offset = first.page * UInt64(Page.bytes)
        let frame = FrameCheck.text(first.frame)
        let block = first.expected.map { "frame \(FrameCheck.text($0))" }
        let place =
            first.isBeyondEnd
            ? "beyond the end of file"
            : block.map { "where the file's block is \($0)" }
                ?? "where the file has no written block"
        let whose =
            !first.isOnDevice
            ? "not the device's, as a page of zeros is not\(mapping.probe)"
            : owner(first.frame).map { "\($0) now" } ?? "no block of a file under test now"
        add(
            Violation(
                rule: .physical, file: file, offset: offset,
                expected: first.isBeyondEnd ? "nothing mapped" : block ?? "no frame of the device",
                observed: "frame \(frame)",
                operations: misplaced.mappings.map {
                    "\($0.name): \(Figures.count($0.wrong, "page")), the first at offset "
                        + "\($0.first.page * UInt64(Page.bytes))"
                } + changes(first.page),
                story: "at the quiet point \(name) reaches frame \(frame), \(place). "
                    + "It is \(whose)"), at: Clock.ticks())
    }

    /// How many pages were judged.
    mutating func noteFrames() {
        if pagesLocated > 0 {
            report.notes.append(
                "\(pagesLocated) mapped pages were compared with their files' blocks (\(Rule.physical.name))"
            )
        }
        if pagesNotLocated > 0 {
            report.notes.append(
                "\(pagesNotLocated) mapped pages lie where the filesystem does not say: they were "
                    + "not judged (\(Rule.physical.name))")
        }
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
