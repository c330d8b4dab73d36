import DaxModel

/// What a run knows of an epoch by which refusals and signals are judged: why a call may fail that
/// would else have to succeed.
public struct Situation: Sendable {
    public enum Filesystem: Sendable {
        case ext4
        case xfs
    }

    public var filesystem: Filesystem
    /// When there may have been no space left.
    public var space: SpaceOutlook
    /// Whether a poisoner makes memory fail.
    public var memoryFails = false
    /// Whether the files are not on DAX.
    public var throughPageCache = false
    /// Whether the filesystem is one that others use, too, perhaps with rights that this process has
    /// not (`--mount`).
    public var isShared = false
    /// Whether files may share blocks: then a store to a written block asks for another.
    public var sharesBlocks = false
    /// Whether a signal came that a call may have waited for interruptibly.
    public var signalled = false
    /// How many actors freeze the filesystem.
    public var freezers = 0

    public init(_ filesystem: Filesystem, space: SpaceOutlook) {
        self.filesystem = filesystem
        self.space = space
    }

    /// Whether a page that was written keeps its block until something takes it away.
    var keepsBlocks: Bool { !sharesBlocks && !throughPageCache }
}
