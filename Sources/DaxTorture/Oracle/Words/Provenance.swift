internal import DaxModel

/// What words may have held, where copies carry words from place to place and from file to file.
///
/// A copied stamp stands in several places, so it no longer names the instant at which it came
/// there. What remains decidable at little cost is this: the values that a word can have held at
/// some instant of an interval are those of the effects invoked by its end which no definite
/// effect followed wholly before it began; and what a copy gave is what its source can have held
/// during the copy, by the same rule. That is a superset of what any legal order allows.
struct Provenance {
    /// A value that a word may hold.
    enum Term {
        /// The stamp with this head, made for the word at `shift` from it in `file`.
        case stamp(head: UInt64, file: FileNumber, shift: UInt64)
        /// What the word at `shift` from it in `file` held before the epoch.
        case before(file: FileNumber, shift: UInt64)
        case zero
    }

    /// What a word may hold, and each word after it before `end`.
    struct Terms {
        var list: ContiguousArray<Term> = []
        var end: UInt64
        var isTorn = false
        /// There was too much to follow; then nothing is excluded.
        var isOpen = false
        /// The last definite effect on the word itself that ran before the interval.
        var followed: Int32?
        /// The effects on the word itself that may be the last.
        var effects: ContiguousArray<Int32> = []
    }

    private let histories: [FileNumber: History]
    private let tables: [FileNumber: EffectTable]
    private let key: StampKey

    /// How many copies are followed back one behind the other, and how many steps are made for one
    /// question.
    private static let depth = 512
    private static let steps = 4096

    /// How many steps are made for all questions of an epoch: whatever is asked then is open, so that a
    /// quiet point's time has a bound.
    static let mostSteps = 1 << 20

    /// Counts the steps of all questions.
    private final class Count { var steps = 0 }
    private let count = Count()

    /// How many steps were made so far.
    var stepsMade: Int { count.steps }

    init(_ histories: [History], _ key: StampKey) {
        var table: [FileNumber: History] = [:]
        for history in histories { table[history.file] = history }
        self.histories = table
        tables = table.mapValues { EffectTable($0) }
        self.key = key
    }

    func effect(_ index: Int32, of file: FileNumber) -> EffectTable.Effect {
        guard let table = tables[file] else { preconditionFailure("no such file") }
        return table.effects[Int(index)]
    }

    /// What `word` of `file` may have held at some instant between two.
    func terms(
        _ file: FileNumber, _ word: UInt64, invoked: UInt64, returned: UInt64,
        everything: Bool = false
    ) -> Terms {
        var walk = Walk()
        return terms(
            file, word, 0, invoked: invoked, returned: returned, everything: everything, &walk)
    }

    private struct Walk {
        /// The copies that led here; a value passes through each of them once.
        var path: ContiguousArray<OperationID> = []
        var steps = 0
    }

    /// - Parameters:
    ///   - shift: what added to the word that the question is about gives `word`.
    ///   - everything: that what followed shall not count.
    private func terms(
        _ file: FileNumber, _ word: UInt64, _ shift: UInt64, invoked: UInt64, returned: UInt64,
        everything: Bool, _ walk: inout Walk
    ) -> Terms {
        var terms = Terms(end: .max)
        // A file of which nothing is known may give anything.
        guard let table = tables[file] else {
            terms.isOpen = true
            return terms
        }
        let found = table.search(
            word, invoked: invoked, returned: returned, everything: everything)
        terms.end = found.end
        terms.followed = found.followed
        if found.followed == nil || everything {
            terms.list.append(.before(file: file, shift: shift))
        }
        for index in found.effects {
            let effect = table.effects[Int(index)]
            // An insert zeroes what it has moved away, and does not move the zeros.
            if effect.isDefinite && walk.path.contains(effect.operation.id) { continue }
            terms.effects.append(index)
            terms.isTorn = terms.isTorn || effect.isTorn
            switch effect.sort {
            case .write(let head):
                terms.list.append(.stamp(head: head, file: file, shift: shift))
            case .zero: terms.list.append(.zero)
            case .copy(let source, let further):
                guard !walk.path.contains(effect.operation.id) else { continue }
                walk.steps += 1
                count.steps += 1
                guard walk.path.count < Provenance.depth, walk.steps < Provenance.steps,
                    count.steps < Provenance.mostSteps
                else {
                    terms.isOpen = true
                    continue
                }
                walk.path.append(effect.operation.id)
                let given = self.terms(
                    source, word &+ further, shift &+ further,
                    invoked: everything ? 0 : effect.invoked, returned: effect.returned,
                    everything: everything, &walk)
                walk.path.removeLast()
                terms.list += given.list
                terms.isTorn = terms.isTorn || given.isTorn
                terms.isOpen = terms.isOpen || given.isOpen
                if given.end != .max { terms.end = min(terms.end, given.end &- further) }
            }
        }
        return terms
    }

    // MARK: - Values

    /// The value of `term` for `word`.
    func value(_ term: Term, _ word: UInt64) -> UInt64 {
        switch term {
        case .zero: return 0
        case .before(let file, let shift):
            guard let words = histories[file]?.initialWords else { return 0 }
            let place = word &+ shift
            return place < UInt64(words.count) ? words[Int(place)] : 0
        case .stamp(let head, let file, let shift):
            let stamp = Stamp(rawValue: head)
            return key.stamp(
                actor: stamp.actor, sequence: stamp.sequence, file: file, word: word &+ shift
            ).rawValue
        }
    }

    /// The stamp that a write of `history` put into `word`; nil of any other effect.
    func stamp(of effect: EffectTable.Effect, _ history: History, _ word: UInt64) -> UInt64? {
        guard case .write(let head) = effect.sort else { return nil }
        return value(.stamp(head: head, file: history.file, shift: 0), word)
    }

    /// Whether one of the terms gives `word` this value.
    func holds(_ terms: Terms, _ word: UInt64, _ value: UInt64) -> Bool {
        if terms.isOpen { return true }
        return terms.list.contains { term in
            // The check is worked out only where the head is right.
            if case .stamp(let head, _, _) = term, head != value & ~0xff_ffff { return false }
            return self.value(term, word) == value
        }
    }
}
