import DaxModel

/// What a run knows of an epoch by which refusals and signals are judged: why a call may fail that
/// would else have to succeed.
package struct Situation: Sendable {
    package enum Filesystem: Sendable {
        case ext4
        case xfs
    }

    package var filesystem: Filesystem
    /// When there may have been no space left.
    package var space: SpaceOutlook
    /// Whether a poisoner makes memory fail.
    package var memoryFails = false
    /// Whether the files are not on DAX.
    package var throughPageCache = false
    /// Whether the filesystem is one that others use, too, perhaps with rights that this process has
    /// not (`--mount`).
    package var isShared = false
    /// Whether files may share blocks: then a store to a written block asks for another.
    package var sharesBlocks = false
    /// Whether a signal came that a call may have waited for interruptibly.
    package var signalled = false
    /// How many actors freeze the filesystem.
    package var freezers = 0

    package init(_ filesystem: Filesystem, space: SpaceOutlook) {
        self.filesystem = filesystem
        self.space = space
    }

    /// Whether a page that was written keeps its block until something takes it away.
    var keepsBlocks: Bool { !sharesBlocks && !throughPageCache }
}
