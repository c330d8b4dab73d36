/// What was made to fail, and what came of it.
package struct FailureTally: BitwiseCopyable, Hashable, Sendable {
    /// Pages that the kernel was told to take for failed.
    package var pages: UInt64 = 0
    /// Pages taken for failed that a PMD mapped.
    package var large: UInt64 = 0
    /// Blocks that the device was told to take for bad.
    package var blocks: UInt64 = 0
    /// Loads of bad blocks that ended in SIGBUS.
    package var signals: UInt64 = 0
    /// Reads of bad blocks that ended in EIO.
    package var errors: UInt64 = 0
    /// Bad blocks that were written over.
    package var rewritten: UInt64 = 0
    /// Bad blocks that were punched, and written again.
    package var punched: UInt64 = 0

    package init() {}

    /// Whether nothing failed at all.
    package var isEmpty: Bool { pages == 0 && blocks == 0 }

    package static func += (sum: inout FailureTally, more: FailureTally) {
        sum.pages += more.pages
        sum.large += more.large
        sum.blocks += more.blocks
        sum.signals += more.signals
        sum.errors += more.errors
        sum.rewritten += more.rewritten
        sum.punched += more.punched
    }

    /// The tally as a sentence without its full stop.
    package var sentence: String {
        "\(pages) pages failed on purpose (\(large) of a PMD); of \(blocks) bad blocks \(signals) "
            + "loads ended in SIGBUS and \(errors) reads in EIO, \(rewritten) were rewritten, "
            + "\(punched) punched"
    }
}
