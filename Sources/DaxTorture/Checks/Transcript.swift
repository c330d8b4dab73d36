package import DaxModel
package import DaxOperations
package import DaxOracle
import DaxSystem
import Glibc

/// One actor's log, named.
package struct ActorLog: Sendable {
    package var actor: ActorNumber
    package var log: Log

    package init(actor: ActorNumber, log: Log) {
        self.actor = actor
        self.log = log
    }
}

/// Turns the logs of one epoch into the history of one file that the oracle judges.
package struct Transcript {
    /// How much earlier and later than its timestamps say an operation may have taken effect, in
    /// ticks. Nonzero where the fences around the clock cannot be trusted (docs/clock.md). Wider
    /// intervals make the oracle see less, never something false.
    package let slack: UInt64
    private let file: FileNumber
    private let situation: Situation
    private var calls: Semantics

    /// A transcript of file `number` from a quiet point on, at which it held `words` and had
    /// `size` bytes.
    ///
    /// `situation` says what else than the size may have ended an access in SIGBUS.
    package init(
        file number: FileNumber, words: ContiguousArray<UInt64>, size: UInt64, slack: UInt64,
        situation: Situation, key: StampKey
    ) {
        file = number
        self.slack = slack
        self.situation = situation
        calls = Semantics(
            file: number, words: words, size: size, key: key,
            throughPageCache: situation.throughPageCache)
    }

    /// The finished history.
    package consuming func history() -> History {
        let keepsBlocks = situation.keepsBlocks
        var history = calls.history()
        history.keepsBlocks = keepsBlocks
        return history
    }

    /// Adds what `actorLog`'s actor did to this file.
    package mutating func add(_ actorLog: ActorLog) {
        for (index, record) in actorLog.log.records.enumerated() {
            let operation = Operation(
                OperationID(actor: actorLog.actor, index: UInt32(index)),
                kind: record.kind.rawValue,
                path: record.path.rawValue)
            if record.file == file { add(record, operation, actorLog.log.values) }
            if let other = record.otherHalf, other.file == file {
                add(other, operation, actorLog.log.values)
            }
        }
    }

    private mutating func add(
        _ record: Record, _ operation: Operation, _ pool: SharedRows<UInt64>
    ) {
        let interval = record.interval.widened(by: slack)
        let words = record.offset / 8..<(record.offset + record.length) / 8
        let done = Int(record.done / 8)
        let result = record.callResult
        switch record.kind {
        case .childStore where record.outcome == .failed:
            // Its process was killed in it: that says as much as a write that failed.
            calls.write(
                operation, words, sequence: record.reference, written: 0, result, over: interval)
        case .store, .faultStore, .vectorStore, .stringStore, .childStore:
            calls.store(
                operation, words, sequence: record.reference, stored: done,
                fault: record.fault(in: situation),
                torn: record.kind == .vectorStore || record.kind == .stringStore, over: interval)
        case .load, .faultLoad, .childLoad:
            calls.load(
                operation, at: words.lowerBound, values: record.values(pool),
                fault: record.fault(in: situation), over: interval)
        case .privateStore:
            calls.storePrivately(
                operation, words, sequence: record.reference, stored: done,
                fault: record.fault(in: situation), over: interval)
        case .privateLoad:
            calls.loadPrivately(
                operation, at: words.lowerBound, values: record.values(pool),
                fault: record.fault(in: situation), over: interval)
        case .pin, .unmappedPin, .privatePin:
            calls.load(
                operation, at: words.lowerBound, values: record.values(pool), torn: true,
                over: interval)
        case .write, .pwrite, .directWrite, .syncWrite, .fixedWrite:
            calls.write(
                operation, words, sequence: record.reference, written: done, result,
                inParts: record.path == .uring, over: interval)
        case .read, .pread, .directRead, .fixedRead:
            guard result == .done else { return }
            calls.read(
                operation, at: words.lowerBound, count: words.count, values: record.values(pool),
                atEnd: record.endsAtEnd, over: interval)
        case .seekData:
            guard record.outcome == .done else { return }
            calls.seekData(operation, words, found: record.offset + record.done, over: interval)
        case .seekHole:
            // ENXIO says that the file ends there or before.
            guard record.outcome == .done || record.code == ENXIO else { return }
            calls.seekHole(
                operation, from: record.offset,
                found: record.outcome == .done ? record.offset + record.done : nil, over: interval)
        case .truncate:
            calls.truncate(operation, to: record.offset, result, over: interval)
        case .punch:
            calls.punch(operation, words, result, over: interval)
        case .zero:
            calls.zeroRange(operation, words, keepSize: true, result, over: interval)
        case .allocate:
            calls.allocate(operation, words, keepSize: false, result, over: interval)
        case .allocateKeepSize:
            calls.allocate(operation, words, keepSize: true, result, over: interval)
        case .unshare:
            calls.allocate(operation, words, keepSize: false, result, over: interval)
        case .collapse:
            calls.collapse(operation, words, result, over: interval)
        case .insert:
            calls.insert(operation, words, result, over: interval)
        case .clone, .copy, .writeFrom, .readInto:
            calls.copy(
                operation, words, source: record.source, from: UInt64(record.reference),
                copied: result == .done ? done : 0, torn: record.kind != .clone,
                grows: record.kind != .readInto, result, over: interval)
        case .exchange:
            // A dry run changes nothing.
            guard record.outcome == .failed || done > 0 else { return }
            calls.exchange(
                operation, words, with: record.source, from: UInt64(record.reference),
                result, over: interval)
        case .persist:
            // It faults as a load does; emulators leave that out, so that success proves nothing.
            let fault = record.fault(in: situation)
            if fault != .succeeded {
                calls.touch(
                    operation, page: (words.lowerBound + UInt64(done)) / 512, fault, over: interval)
            }
        case .populate, .populateWrite:
            // The last page is the one most beyond the end: it stands for all of them there. Space may
            // have lacked for any.
            guard record.outcome != .failed else { return }
            let last = (words.upperBound - 1) / 512
            calls.touch(
                operation, page: last, pages: last - words.lowerBound / 512 + 1,
                record.fault(in: situation), over: interval)
        case .dedupe, .fsync, .msync, .protect, .mremap, .dontNeed, .remap, .reopen,
            .mmapMisaligned,
            .syncRange,
            .flag:
            break  // No effect on a word or on the size.
        case .syncfs, .create, .rename, .link, .unlink, .ownStore, .ownLoad, .recycledPin,
            .recycledRead, .recycledWrite, .shiftedLoad, .partialPunchLoad, .memoryFailure,
            .badBlock,
            .poisonedLoad,
            .poisonedRead, .poisonRewrite, .poisonPunch, .fill, .drain, .freeze, .thaw, .remount,
            .dropCaches:
            preconditionFailure("a \(record.kind.name) of a file under test")
        }
    }
}

// MARK: - The audit, which is the harness's own operation

extension Transcript {
    /// At the quiet point the harness found the file to be `size` bytes long, before it made anything of
    /// it.
    package mutating func status(index: UInt32, size: UInt64, over interval: Interval) {
        let operation = Operation(
            OperationID(actor: .harness, index: index),
            kind: OperationKind.read.rawValue, path: AccessPath.syscall.rawValue)
        calls.status(operation, size: size, over: interval)
    }

    /// At the quiet point the harness found the file to be `size` bytes long and to hold `words`.
    package mutating func audit(
        index: UInt32, size: UInt64, words: ContiguousArray<UInt64>, over interval: Interval
    ) {
        let operation = Operation(
            OperationID(actor: .harness, index: index),
            kind: OperationKind.read.rawValue, path: AccessPath.syscall.rawValue)
        calls.status(operation, size: size, over: interval)
        calls.load(operation, at: 0, values: words.prefix(Int(size / 8)), over: interval)
    }

    /// Before the audit the harness made the file `size` bytes long, so that it ends with a page.
    package mutating func truncate(index: UInt32, to size: UInt64, over interval: Interval) {
        let operation = Operation(
            OperationID(actor: .harness, index: index),
            kind: OperationKind.truncate.rawValue, path: AccessPath.syscall.rawValue)
        calls.truncate(operation, to: size, .done, over: interval)
    }
}

extension Record {

    func values(_ pool: SharedRows<UInt64>) -> ArraySlice<UInt64> {
        pool.copy(Int(reference)..<Int(reference) + Int(done / 8))[...]
    }
}
