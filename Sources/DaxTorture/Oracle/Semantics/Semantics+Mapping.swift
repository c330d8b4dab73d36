package import DaxModel

// MARK: - Through a mapping

extension Semantics {
    /// Aligned 8-byte stores of stamps into `words` in ascending order, `stored` of which were
    /// done before a fault, if any, ended it; short without one, it was interrupted.
    ///
    /// - Parameter torn: it was a bulk copy, whose bytes may arrive one by one.
    package mutating func store(
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
        }
        // A bulk copy may have been within a word, and the words of a cache line may go together. A
        // store of a word that faulted did nothing; one that was interrupted may be done and not
        // counted.
        let uncounted: UInt64 = torn ? 8 : fault == .succeeded ? 1 : 0
        let last = min(end + uncounted, words.upperBound)
        if end < last {
            built.write(
                operation, end..<last, sequence: sequence, over: interval, certainty: .possible,
                torn: torn, mapped: true)
        }
    }

    /// Loads of the words from `word` on, in ascending order, which found `values` before a
    /// fault, if any, ended it.
    package mutating func load(
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

    /// A touch of one page, with nothing said of its words, or of `pages` of them up to that one, of
    /// which the kernel does not say where it failed.
    package mutating func touch(
        _ operation: Operation, page: UInt64, pages: UInt64 = 1, _ outcome: AccessOutcome,
        over interval: Interval
    ) {
        built.access(operation, page: page, pages: pages, outcome, over: interval)
    }
}

// MARK: - Through a private mapping

extension Semantics {
    /// As `store`, through the actor's private mapping (MAP_PRIVATE), which had no copies when the
    /// epoch began. An actor's accesses to it are given in its order.
    package mutating func storePrivately(
        _ operation: Operation, _ words: Range<UInt64>, sequence: UInt32, stored: Int,
        fault: AccessOutcome = .succeeded, over interval: Interval
    ) {
        precondition(copies != nil, "a private mapping, and no key")
        copies?.store(operation, words, sequence: sequence, stored: stored, fault, interval)
    }

    /// As `load`, through the actor's private mapping.
    package mutating func loadPrivately(
        _ operation: Operation, at word: UInt64, values: some Collection<UInt64>,
        fault: AccessOutcome = .succeeded, over interval: Interval
    ) {
        precondition(copies != nil, "a private mapping, and no key")
        copies?.load(operation, at: word, values: values, fault, interval)
    }
}
