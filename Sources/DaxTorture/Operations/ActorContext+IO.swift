import DaxModel
import DaxSystem

/// Reads and writes through io_uring.
extension ActorContext {
    /// A stretch of words in the file.
    package typealias Words = Range<UInt64>

    /// Writes stamps into each of `pieces`, submitted at once; the file grows where one ends
    /// beyond its end.
    package func write(_ file: FileUnderTest, _ pieces: [Words], linked: Bool) {
        var entries: [RingOperation] = []
        var sequences: [UInt32] = []
        var at = 0
        for piece in pieces {
            sequences.append(stamp(piece, of: file, at: at))
            entries.append(.write(offset: piece.lowerBound * 8, count: piece.count, at: at))
            at += piece.count
        }
        announce(.write, file, pieces)
        guard let interval = submit(file, entries, linked) else { return }
        for (index, piece) in pieces.enumerated() {
            logTransfer(
                .write, file, interval, piece, ring.results[index], sequences[index],
                linked && index > 0 ? .chained : [])
        }
    }

    /// Reads each of `pieces`, submitted at once.
    package func read(_ file: FileUnderTest, _ pieces: [Words]) {
        var entries: [RingOperation] = []
        var starts: [Int] = []
        var at = 0
        for piece in pieces {
            entries.append(.read(offset: piece.lowerBound * 8, count: piece.count, at: at))
            starts.append(at)
            at += piece.count
        }
        announce(.read, file, pieces)
        guard let interval = submit(file, entries, false) else { return }
        for (index, piece) in pieces.enumerated() {
            let whole = Int(max(ring.results[index].value, 0)) / Page.wordBytes
            let values = log.pool { buffer.append(starts[index]..<starts[index] + whole, to: &$0) }
            logTransfer(.read, file, interval, piece, ring.results[index], values)
        }
    }

    /// Writes everything of `file` back (fsync(2) through io_uring).
    package func fsync(_ file: FileUnderTest) { extents(file, [.fsync], linked: false) }

    private func announce(_ kind: OperationKind, _ file: FileUnderTest, _ pieces: [Words]) {
        guard let first = pieces.first else { return }
        announce(
            kind, .uring, file.number, offset: first.lowerBound * 8,
            length: UInt64(first.count) * 8, more: pieces.count - 1)
    }

    private func logTransfer(
        _ kind: OperationKind, _ file: FileUnderTest, _ interval: Interval, _ piece: Words,
        _ result: RingResult, _ reference: UInt32, _ circumstances: Record.Circumstances = []
    ) {
        logOperation(
            kind, .uring, file, over: interval, offset: piece.lowerBound * 8,
            length: UInt64(piece.count) * 8, done: UInt64(max(result.value, 0)),
            reference: reference, outcome: result.error == nil ? .done : .failed,
            code: result.error?.code ?? 0, circumstances: circumstances)
    }
}
