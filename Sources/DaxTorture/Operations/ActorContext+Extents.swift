package import DaxModel
package import DaxSystem

/// An extent operation of a batch. Offsets, lengths and sizes are bytes.
package enum ExtentOperation: Hashable, Sendable {
    case truncate(to: UInt64)
    case space(SpaceMode, offset: UInt64, length: UInt64)
    case fsync

    package var ring: RingOperation {
        switch self {
        case .truncate(let size): .ftruncate(to: size)
        case .space(let mode, let offset, let length):
            .fallocate(mode, offset: offset, length: length)
        case .fsync: .fsync
        }
    }

    package var kind: OperationKind {
        switch self {
        case .truncate: .truncate
        case .fsync: .fsync
        case .space(.punch, _, _): .punch
        case .space(.zeroKeepSize, _, _): .zero
        case .space(.allocateKeepSize, _, _): .allocateKeepSize
        case .space(.allocate, _, _): .allocate
        case .space(.collapse, _, _): .collapse
        case .space(.insert, _, _): .insert
        case .space(.unshare, _, _): .unshare
        case .space(let mode, _, _): preconditionFailure("\(mode.name) is not in the model")
        }
    }

    /// What the record says of it: for a truncate the new size stands for the offset.
    package var range: (offset: UInt64, length: UInt64) {
        switch self {
        case .truncate(let size): (size, 0)
        case .space(_, let offset, let length): (offset, length)
        case .fsync: (0, 0)
        }
    }
}

/// Truncates and the modes of fallocate, through io_uring.
extension ActorContext {
    /// Submits up to `depth` operations at once, linked so that they run one after the other, or
    /// not, so that they may run in any order and at the same time.
    ///
    /// Where the kernel does not truncate through io_uring, the batch is cut at its truncates,
    /// and they are done by ftruncate(2).
    package func extents(_ file: FileUnderTest, _ operations: [ExtentOperation], linked: Bool) {
        if truncatesThroughRing {
            batch(file, operations, linked)
            return
        }
        for part in operations.cut(at: \.isTruncate) {
            if case .truncate(let size) = part.first {
                call(.truncate, .syscall, file, offset: size, length: 0) {
                    () throws(SystemError) in try file.file.truncate(to: size)
                }
            } else {
                batch(file, Array(part), linked)
            }
        }
    }

    private func batch(
        _ file: FileUnderTest, _ operations: [ExtentOperation], _ linked: Bool
    ) {
        let entries = operations.map(\.ring)
        if let first = operations.first {
            announce(
                first.kind, .uring, file.number, offset: first.range.offset,
                length: first.range.length, more: operations.count - 1)
        }
        guard let interval = submit(file, entries, linked) else { return }
        for (index, operation) in operations.enumerated() {
            let error = ring.results[index].error
            logOperation(
                operation.kind, .uring, file, over: interval, offset: operation.range.offset,
                length: operation.range.length, done: error == nil ? operation.range.length : 0,
                outcome: error == nil ? .done : .failed, code: error?.code ?? 0,
                circumstances: linked && index > 0 ? .chained : [])
        }
    }

    /// Runs a batch; its interval, or nil where the ring itself failed.
    package func submit(_ file: FileUnderTest, _ entries: [RingOperation], _ linked: Bool)
        -> Interval?
    {
        meet()
        let (interval, error) = timedCall { () throws(SystemError) in
            try ring.run(entries, on: file.file, buffer: &buffer, linked: linked)
        }
        guard let error else { return interval }
        trouble = error
        return nil
    }
}

extension ExtentOperation {
    package var isTruncate: Bool {
        if case .truncate = self { true } else { false }
    }
}

extension Array {
    /// The stretches without separators, and each separator as a stretch of its own.
    fileprivate func cut(at isSeparator: (Element) -> Bool) -> [ArraySlice<Element>] {
        var parts: [ArraySlice<Element>] = []
        var start = startIndex
        for index in indices where isSeparator(self[index]) {
            if start < index { parts.append(self[start..<index]) }
            parts.append(self[index...index])
            start = index + 1
        }
        if start < endIndex { parts.append(self[start...]) }
        return parts
    }
}
