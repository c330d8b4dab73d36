public import DaxModel

// MARK: - Through a mapping

extension Semantics {
    /// Aligned 8-byte stores of stamps into `words` in ascending order, `stored` of which were
    /// done before a fault, if any, ended it.
    ///
    /// - Parameter torn: it was a bulk copy, whose bytes may arrive one by one.
    public mutating func store(
        _ operation: Operation, _ words: Range<UInt64>, sequence: UInt32, stored: Int,
        fault: AccessOutcome = .succeeded, torn: Bool = false, over interval: Interval
    ) {
        let end = words.lowerBound + UInt64(stored)
        if stored > 0 {
            built.write(
                operation, words.lowerBound..<end, sequence: sequence, over: interval, torn: torn,
                mapped: true)
        }
        if fault != .succeeded {
            built.access(
                operation, page: end / UInt64(History.pageWords), fault, over: interval)
            // A bulk copy may have been within a word when the page was taken away, and the words of
            // a cache line may go together.
            if torn {
                built.write(
                    operation, end..<max(end + 1, min(end + 8, words.upperBound)),
                    sequence: sequence, over: interval,
                    certainty: .possible, torn: true, mapped: true)
            }
        }
    }

    /// Loads of the words from `word` on, in ascending order, which found `values` before a
    /// fault, if any, ended it.
    public mutating func load(
        _ operation: Operation, at word: UInt64, values: some Collection<UInt64>,
        fault: AccessOutcome = .succeeded, torn: Bool = false, over interval: Interval
    ) {
        let end = word + UInt64(values.count)
        if !values.isEmpty {
            built.read(
                operation, at: word, values: values, over: interval, torn: torn, mapped: true)
        }
        if fault != .succeeded {
            built.access(
                operation, page: end / UInt64(History.pageWords), fault, over: interval)
        }
    }

    /// A touch of one page, with nothing said of its words.
    public mutating func touch(
        _ operation: Operation, page: UInt64, _ outcome: AccessOutcome, over interval: Interval
    ) {
        built.access(operation, page: page, outcome, over: interval)
    }
}

// MARK: - Through a private mapping

extension Semantics {
    /// As `store`, through the actor's private mapping (MAP_PRIVATE), which had no copies when the
    /// epoch began. An actor's accesses to it are given in its order.
    public mutating func storePrivately(
        _ operation: Operation, _ words: Range<UInt64>, sequence: UInt32, stored: Int,
        fault: AccessOutcome = .succeeded, over interval: Interval
    ) {
        precondition(copies != nil, "a private mapping, and no key")
        copies?.store(operation, words, sequence: sequence, stored: stored, fault, interval)
    }

    /// As `load`, through the actor's private mapping.
    public mutating func loadPrivately(
        _ operation: Operation, at word: UInt64, values: some Collection<UInt64>,
        fault: AccessOutcome = .succeeded, over interval: Interval
    ) {
        precondition(copies != nil, "a private mapping, and no key")
        copies?.load(operation, at: word, values: values, fault, interval)
    }
}
