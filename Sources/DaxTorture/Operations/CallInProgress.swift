package import DaxModel
package import DaxSystem

/// The call that an actor is in, as its controller sees it from another thread.
///
/// An operation is logged when it has returned. One that never does is known by this alone.
package struct CallInProgress: Hashable, Sendable {
    package var kind: OperationKind
    package var path: AccessPath
    /// The file's number, as in a record.
    package var file: FileNumber
    /// Where in the file, in bytes; for a truncate the new size.
    package var offset: UInt64
    package var length: UInt64
    /// How many more operations were submitted with this one, of which any may be the one in
    /// progress.
    package var more = 0

    package init(_ record: Record) {
        self.init(
            kind: record.kind, path: record.path, file: record.file, offset: record.offset,
            length: record.length)
    }

    package init(
        kind: OperationKind, path: AccessPath, file: FileNumber, offset: UInt64, length: UInt64,
        more: Int = 0
    ) {
        (self.kind, self.path, self.file) = (kind, path, file)
        (self.offset, self.length, self.more) = (offset, length, more)
    }

    /// The call that the thread of `progress` is in; nil if in no call of an actor's.
    package init?(of progress: ProgressCounter) {
        guard let (code, offset, length) = progress.announced,
            let kind = OperationKind(rawValue: UInt8(truncatingIfNeeded: code)),
            let path = AccessPath(rawValue: UInt8(truncatingIfNeeded: code >> 8))
        else { return nil }
        self.init(
            kind: kind, path: path, file: FileNumber(byte: UInt8(truncatingIfNeeded: code >> 16)),
            offset: offset,
            length: length, more: Int(UInt8(truncatingIfNeeded: code >> 24)))
    }

    /// All but offset and length in one number, which is never 0.
    private var code: UInt64 {
        UInt64(kind.rawValue) | UInt64(path.rawValue) << 8 | UInt64(file.byte) << 16
            | UInt64(UInt8(clamping: more)) << 24 | 1 << 32
    }

    package func announce(to progress: ProgressCounter) {
        progress.announce(code, offset: offset, length: length)
    }
}

extension ActorContext {
    /// Lets the controller know of the call that comes next; `more` are submitted with it.
    package func announce(
        _ kind: OperationKind, _ path: AccessPath, _ file: FileNumber?, offset: UInt64,
        length: UInt64, more: Int = 0
    ) {
        guard let progress else { return }
        CallInProgress(
            kind: kind, path: path, file: file ?? Record.noFile, offset: offset, length: length,
            more: more
        ).announce(to: progress)
    }

    /// Lets the controller know of the access that comes next, to `count` words from `word` on
    /// through a mapping.
    package func announce(_ kind: OperationKind, _ file: FileNumber?, word: UInt64, count: Int) {
        announce(kind, .mapping, file, offset: word * 8, length: UInt64(count) * 8)
    }
}
