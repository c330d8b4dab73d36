internal import DaxModel

/// What one actor's private mapping of a file (MAP_PRIVATE) shows: the file itself, page by page,
/// until the first store to a page copies it (copy on write); from then on the copy.
///
/// A copy belongs to its actor alone, and stays as it is under everything but an operation that
/// takes copies away as well as pages (unmap_mapping_range with even_cows): that *may* be any
/// truncate that leaves the page wholly beyond the end, and a collapse or insert at the page or
/// before it, the failed ones among them. What follows is exact:
///
/// - A word of a page that the actor has not stored to in this epoch is read from the file.
/// - A word that it has stored to holds its latest stamp. If it holds anything else, a cut ran
///   after that store was invoked, and the word came from the file at some instant since then.
/// - Any other word of a page that was stored to came from the file at some instant since the
///   first of those stores was invoked; the kernel copies a page byte by byte.
///
/// "At some instant" is a read of the file's word with that interval. Of a page that was stored to,
/// a success is no evidence about the size (R5): the copy may have outlived the page.
struct PrivateCopies: Sendable {
    /// An access, in the order of the actor's.
    struct Step: Sendable {
        var operation: Operation
        var interval: Interval
        var first: UInt64
        /// Words that a store was asked for.
        var asked: UInt32
        var done: UInt32
        /// The stamps' sequence of a store; 0 for a load.
        var sequence: UInt32
        /// Where the values of a load begin in the pool.
        var values: UInt32
        var fault: AccessOutcome
    }

    private let key: StampKey
    private var steps: ContiguousArray<Step> = []
    private var pool: ContiguousArray<UInt64> = []

    init(key: StampKey) { self.key = key }

    mutating func store(
        _ operation: Operation, _ words: Range<UInt64>, sequence: UInt32, stored: Int,
        _ fault: AccessOutcome, _ interval: Interval
    ) {
        steps.append(
            Step(
                operation: operation, interval: interval, first: words.lowerBound,
                asked: UInt32(words.count), done: UInt32(stored), sequence: sequence, values: 0,
                fault: fault))
    }

    mutating func load(
        _ operation: Operation, at word: UInt64, values: some Collection<UInt64>,
        _ fault: AccessOutcome, _ interval: Interval
    ) {
        steps.append(
            Step(
                operation: operation, interval: interval, first: word,
                asked: UInt32(values.count), done: UInt32(values.count), sequence: 0,
                values: UInt32(pool.count), fault: fault))
        pool.append(contentsOf: values)
    }
}

// MARK: - The meaning

extension PrivateCopies {
    /// An operation that may have taken the copies of all pages from one on.
    struct Cut {
        var page: UInt64
        var interval: Interval
    }

    /// A word or a page in an actor's private mapping, by its number.
    private struct Place: Hashable {
        var actor: ActorNumber
        var number: UInt64
    }

    /// Where a word that was loaded came from.
    private enum Source: Equatable {
        /// The actor's own store: the value proves it.
        case copy
        /// The file, within this interval.
        case file(Interval, copied: Bool)
        /// Nowhere.
        case lost(store: Int)
    }

    /// Adds to `history` what the accesses say of the file, and which of them nothing explains.
    func settle(into history: inout History, _ cuts: [Cut]) {
        var copied: [Place: Timestamp] = [:]
        var stores: [Place: Int] = [:]
        for (index, step) in steps.enumerated() {
            let actor = step.operation.actor
            let end = step.first + UInt64(step.done)
            if step.fault != .succeeded {
                history.access(
                    step.operation, page: end / UInt64(History.pageWords), step.fault,
                    over: step.interval)
            }
            guard step.sequence > 0 else {
                load(step, copied, stores, cuts, &history)
                continue
            }
            let last = max(end, min(end + 1, step.first + UInt64(step.asked))) - 1
            for page in step.first / 512...last / 512 {
                let place = Place(actor: actor, number: page)
                guard copied[place] == nil else { continue }
                copied[place] = step.interval.invoked
                if max(page * 512, step.first) < end {
                    history.access(step.operation, page: page, .succeeded, over: step.interval)
                }
            }
            for word in step.first..<end { stores[Place(actor: actor, number: word)] = index }
        }
    }

    /// Splits a load into stretches of words that came the same way.
    private func load(
        _ step: Step, _ copied: [Place: Timestamp], _ stores: [Place: Int], _ cuts: [Cut],
        _ history: inout History
    ) {
        var run: (source: Source, begin: Int)?
        for index in 0...Int(step.done) {
            let next =
                index < step.done
                ? source(of: index, step, copied, stores, cuts, history.file) : nil
            if let now = run, now.source != next {
                add(step, now.begin..<index, now.source, &history)
                run = nil
            }
            if let next, run == nil { run = (next, index) }
        }
    }

    private func source(
        of index: Int, _ step: Step, _ copied: [Place: Timestamp], _ stores: [Place: Int],
        _ cuts: [Cut], _ file: FileNumber
    ) -> Source {
        let (actor, word) = (step.operation.actor, step.first + UInt64(index))
        let page = word / UInt64(History.pageWords)
        guard let since = copied[Place(actor: actor, number: page)] else {
            return .file(step.interval, copied: false)
        }
        guard let place = stores[Place(actor: actor, number: word)] else {
            return .file(Interval(since, step.interval.returned), copied: true)
        }
        let store = steps[place]
        let value = pool[Int(step.values) + index]
        if value == stamp(store, word, file) { return .copy }
        let cut = cuts.lazy.filter {
            $0.page <= page && $0.interval.returned >= store.interval.invoked
                && $0.interval.invoked <= step.interval.returned
        }.map(\.interval.invoked).min()
        guard let cut else { return .lost(store: place) }
        return .file(
            Interval(max(cut, store.interval.invoked), step.interval.returned), copied: true)
    }

    private func stamp(_ store: Step, _ word: UInt64, _ file: FileNumber) -> UInt64 {
        key.stamp(
            actor: store.operation.actor, sequence: store.sequence, file: file, word: word
        ).rawValue
    }

    private func add(
        _ step: Step, _ range: Range<Int>, _ source: Source, _ history: inout History
    ) {
        let values = pool[Int(step.values) + range.lowerBound..<Int(step.values) + range.upperBound]
        let first = step.first + UInt64(range.lowerBound)
        switch source {
        case .copy:
            history.kept(words: range.count)
        case .file(let interval, let copied):
            history.read(
                step.operation, at: first, values: values, over: interval, torn: copied,
                mapped: !copied)
        case .lost(let place):
            let store = steps[place]
            for (index, value) in values.enumerated() {
                let word = first + UInt64(index)
                history.append(
                    LostCopy(
                        word: word, value: value, expected: stamp(store, word, history.file),
                        load: step.operation, interval: step.interval, store: store.operation,
                        stored: store.interval))
            }
        }
    }
}

// MARK: - The verdict

extension PrivateCopies {
    /// Judges the words that were lost, each of which is a violation: R3, or R1 where what was
    /// found never was there.
    static func judge(_ history: History, key: StampKey, into verdicts: inout Verdicts) {
        verdicts.wordsJudged += history.wordsKept + history.lostCopies.count
        verdicts.decided.racing.words += history.wordsKept + history.lostCopies.count
        for lost in history.lostCopies where verdicts.wants(lost.interval) {
            let isStamp = key.verify(
                Stamp(rawValue: lost.value), file: history.file, word: lost.word)
            verdicts.add(
                Violation(
                    rule: lost.value == 0 || isStamp ? .freshness : .provenance,
                    file: history.file, offset: 8 * lost.word, expected: .values([lost.expected]),
                    observed: .value(lost.value),
                    evidence: [
                        Evidence(
                            role: .observer, operation: lost.load, interval: lost.interval,
                            value: lost.value),
                        Evidence(
                            role: lost.value == 0 ? .write : .overwrite, operation: lost.store,
                            interval: lost.stored, value: lost.expected),
                    ], interval: lost.interval))
        }
    }
}
