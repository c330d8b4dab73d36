import DaxChecks
import DaxModel
import DaxOracle
import DaxReport
import DaxSystem

/// What mappings reach that they must not (R12).
extension ReportBuilder {
    /// Takes over what was found in the mappings of one file at a quiet point, as one violation;
    /// `owner` says whose block a frame is now, where it knows, and `changes` which operations of the epoch
    /// last changed the block of a page.
    mutating func add(
        _ misplaced: MisplacedPages, file: String, owner: (FrameNumber) -> String?,
        changes: (PageNumber) -> [String] = { _ in [] }
    ) {
        pagesLocated += UInt64(misplaced.compared)
        pagesNotLocated += UInt64(misplaced.unknown)
        if let finding = misplaced.finding(file: file, owner: owner, changes: changes) {
            add(finding, at: Clock.ticks())
        }
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
