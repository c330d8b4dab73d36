import DaxModel
package import DaxSystem
import Glibc

/// Reads and writes by calls.
extension ActorContext {
    /// Reads `words` by pread(2) or preadv2(2).
    package func read(
        _ file: FileUnderTest, _ words: Words, by way: CallWay, _ resources: IOResources,
        _ flags: TransferFlags = []
    ) {
        let target = resources.open(file, way)
        call(reading(way), file, words, flags.contains(.noWait) ? .noWait : []) {
            () throws(SystemError) in
            try target.file.read(
                at: words.lowerBound * 8, count: words.count, into: &self.buffer, flags)
        } values: { whole in
            log.pool { buffer.append(0..<whole, to: &$0) }
        }
    }

    /// Writes stamps into `words` by pwrite(2) or pwritev2(2).
    package func write(
        _ file: FileUnderTest, _ words: Words, by way: CallWay, _ resources: IOResources,
        _ flags: TransferFlags = []
    ) {
        let target = resources.open(file, way)
        let sequence = stamp(words, of: file)
        call(writing(way, flags), file, words, flags.contains(.noWait) ? .noWait : []) {
            () throws(SystemError) in
            try target.file.write(
                at: words.lowerBound * 8, count: words.count, from: self.buffer, flags)
        } values: { _ in
            sequence
        }
    }

    /// Reads `words` into memory of which only the first `reachable` words can be reached, a page
    /// at most.
    package func read(
        _ file: FileUnderTest, _ words: Words, by way: CallWay, _ resources: IOResources,
        reachable: Int
    ) {
        let target = resources.open(file, way)
        let at = resources.guardPage.count - reachable
        call(reading(way), file, words, .cutBuffer) { () throws(SystemError) in
            try target.file.read(
                at: words.lowerBound * 8, count: words.count, into: &resources.guardPage, at: at)
        } values: { whole in
            log.pool { resources.guardPage.append(at..<at + whole, to: &$0) }
        }
    }

    /// Writes stamps into `words` from memory of which only the first `reachable` words can be
    /// reached, a page at most.
    package func write(
        _ file: FileUnderTest, _ words: Words, by way: CallWay, _ resources: IOResources,
        reachable: Int
    ) {
        let target = resources.open(file, way)
        let at = resources.guardPage.count - reachable
        let sequence = stamp(words, number: file.number, in: &resources.guardPage, at: at)
        call(writing(way, []), file, words, .cutBuffer) { () throws(SystemError) in
            try target.file.write(
                at: words.lowerBound * 8, count: words.count, from: resources.guardPage, at: at)
        } values: { _ in
            sequence
        }
    }

    /// Opens the file once more with O_TRUNC, which makes it empty.
    package func empty(_ file: FileUnderTest) {
        let path = file.file.path
        call(.truncate, .syscall, file, offset: 0, length: 0) { () throws(SystemError) in
            _ = try File(path, .truncate)
        }
    }

    private func reading(_ way: CallWay) -> OperationKind { way == .direct ? .directRead : .pread }

    private func writing(_ way: CallWay, _ flags: TransferFlags) -> OperationKind {
        if way == .synchronous || !flags.isDisjoint(with: [.dataSynchronous, .synchronous]) {
            return .syncWrite
        }
        return way == .direct ? .directWrite : .pwrite
    }

    /// Times a transfer by `body`, which gives bytes, and logs it; `values` turns whole words
    /// moved into the record's reference.
    package func call(
        _ kind: OperationKind, _ file: FileUnderTest, _ words: Words,
        _ circumstances: Record.Circumstances = [],
        _ body: () throws(SystemError) -> Int, values: (Int) -> UInt32
    ) {
        var done = 0
        announce(
            kind, .syscall, file.number, offset: words.lowerBound * 8,
            length: UInt64(words.count) * 8)
        meet()
        let (interval, error) = timedCall { () throws(SystemError) in
            done = try body()
        }
        let code = error?.code ?? 0
        logOperation(
            kind, .syscall, file, over: interval, offset: words.lowerBound * 8,
            length: UInt64(words.count) * 8, done: UInt64(done),
            reference: values(done / Page.wordBytes), outcome: code == 0 ? .done : .failed,
            code: code, circumstances: circumstances)
    }
}

// MARK: - io_uring with registered files and memory

/// One operation of a batch on a registered file.
package enum FixedOperation: Hashable, Sendable {
    case read(Range<UInt64>)
    case write(Range<UInt64>)
    case fsync

    package var words: Range<UInt64> {
        switch self {
        case .read(let words), .write(let words): words
        case .fsync: 0..<0
        }
    }

    package var kind: OperationKind {
        switch self {
        case .read: .fixedRead
        case .write: .fixedWrite
        case .fsync: .fsync
        }
    }
}

extension ActorContext {
    /// Submits `operations` at once, at most `depth` and of at most `IOResources.fixedWords` words
    /// together, to a ring of its own or to one that the kernel polls, if there is one.
    package func fixed(
        _ file: FileUnderTest, _ operations: [FixedOperation], linked: Bool, polled: Bool,
        _ resources: IOResources
    ) {
        guard let ring = polled ? resources.rings.last : resources.rings.first else { return }
        var entries: [RingOperation] = []
        var sequences: [UInt32] = []
        var starts: [Int] = []
        var at = 0
        for operation in operations {
            let words = operation.words
            starts.append(at)
            switch operation {
            case .read:
                entries.append(.read(offset: words.lowerBound * 8, count: words.count, at: at))
                sequences.append(0)
            case .write:
                sequences.append(
                    stamp(words, number: file.number, in: &resources.fixed, at: at))
                entries.append(.write(offset: words.lowerBound * 8, count: words.count, at: at))
            case .fsync:
                entries.append(.fsync)
                sequences.append(0)
            }
            at += words.count
        }
        let number = file.number.index
        if let first = operations.first {
            announce(
                first.kind, .uring, file.number, offset: first.words.lowerBound * 8,
                length: UInt64(first.words.count) * 8, more: operations.count - 1)
        }
        meet()
        let (interval, error) = timedCall { () throws(SystemError) in
            try ring.ring.run(
                entries, onRegistered: number, buffer: &resources.fixed, linked: linked)
        }
        if let error {
            trouble = error
            return
        }
        for (index, operation) in operations.enumerated() {
            let result = ring.ring.results[index]
            let done = max(result.value, 0)
            var reference = sequences[index]
            if case .read = operation {
                let whole = Int(done) / Page.wordBytes
                reference = log.pool {
                    resources.fixed.append(starts[index]..<starts[index] + whole, to: &$0)
                }
            }
            logOperation(
                operation.kind, .uring, file, over: interval,
                offset: operation.words.lowerBound * 8,
                length: UInt64(operation.words.count) * 8, done: UInt64(done),
                reference: reference, outcome: result.error == nil ? .done : .failed,
                code: result.error?.code ?? 0,
                circumstances: linked && index > 0 ? .chained : [])
        }
    }
}

// MARK: - Pins

extension ActorContext {
    /// Pins `words`, which lie within one page, for `nanoseconds`, through the long mapping or
    /// through one that is gone before that, and then looks at what the page holds.
    package func pin(
        _ file: FileUnderTest, _ words: Words, for nanoseconds: UInt64, unmap: Bool,
        _ resources: IOResources
    ) {
        let (word, count) = (Int(words.lowerBound), words.count)
        call(unmap ? .unmappedPin : .pin, file, words) { () throws(SystemError) in
            unmap
                ? try resources.pipe.holdUnmapped(
                    file.file, word, count: count, for: nanoseconds, into: &self.buffer)
                : try resources.pipe.hold(
                    file.long, word, count: count, for: nanoseconds, into: &self.buffer)
        } values: { whole in
            log.pool { buffer.append(0..<whole, to: &$0) }
        }
    }
}
