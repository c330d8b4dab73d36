package import DaxModel

/// What operations found.
extension History {
    /// `operation` found `values` in the words from `word` on.
    ///
    /// - Parameters:
    ///   - torn: the bytes of a word may have been read one by one (a bulk copy).
    ///   - mapped: it went through a mapping and no SIGBUS came: R5 judges every page of it.
    package mutating func read(
        _ operation: Operation, at word: UInt64, values found: some Collection<UInt64>,
        over interval: Interval, torn: Bool = false, mapped: Bool = false
    ) {
        reads.append(
            Read(
                interval: interval, first: word, count: UInt32(found.count),
                values: UInt32(values.count), operation: operation, torn: torn, mapped: mapped))
        values.append(contentsOf: found)
    }

    /// `operation` found `words` to lie in a hole, and so to be zero.
    mutating func readZeros(_ operation: Operation, _ words: Range<UInt64>, over interval: Interval)
    {
        if zeros.count < words.count {
            zeros = values.count..<values.count + words.count
            values.append(contentsOf: repeatElement(0, count: words.count))
        }
        reads.append(
            Read(
                interval: interval, first: words.lowerBound, count: UInt32(words.count),
                values: UInt32(zeros.lowerBound), operation: operation, torn: false, mapped: false))
    }

    /// `operation` touched page `page` through a mapping, with that outcome.
    ///
    /// Reads and writes that say `mapped` need no access of their own.
    package mutating func access(
        _ operation: Operation, page: UInt64, pages: UInt64 = 1, _ outcome: AccessOutcome,
        over interval: Interval
    ) {
        let edge = page * UInt64(History.pageSize)
        sizeObservations.append(
            SizeObservation(
                interval: interval, atLeast: outcome == .succeeded ? edge + 1 : 0,
                atMost: outcome == .succeeded ? .max : edge, operation: operation,
                sort: .access(outcome), pages: pages))
    }

    /// `operation` saw the file to be `size` bytes long (statx).
    package mutating func size(_ operation: Operation, _ size: UInt64, over interval: Interval) {
        self.size(operation, in: size...size, over: interval)
    }

    /// `operation` saw that at some instant the file was within `bounds`, in bytes: a full read up
    /// to `end` says `end...`, a short one that ended there `...end`.
    package mutating func size(
        _ operation: Operation, in bounds: ClosedRange<UInt64>, over interval: Interval
    ) {
        sizeObservations.append(
            SizeObservation(
                interval: interval, atLeast: bounds.lowerBound, atMost: bounds.upperBound,
                operation: operation, sort: .seen))
    }
}
