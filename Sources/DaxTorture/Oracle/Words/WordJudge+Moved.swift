internal import DaxModel

/// The verdict on words that copies wrote: R1, R2, R3 and R7, each read by itself.
///
/// This is the gate of docs/oracle.md: that reads agree with *each other* (R4) is not asked here.
extension WordJudge {
    /// Judges each of `words`, which `visits` all cover and some copy may have written.
    mutating func judgeMoved(
        _ words: Range<UInt64>, _ provenance: Provenance, _ verdicts: inout Verdicts
    ) {
        for index in visits.indices where !visits[index].isWrite {
            let read = visits[index]
            verdicts.wordsJudged += words.count
            verdicts.wordsByCopy += words.count
            verdicts.decided.add(words.count, \.words, isAudit: read.isAudit)
            var word = words.lowerBound
            while word < words.upperBound {
                let terms = provenance.terms(
                    history.file, word, invoked: read.invoked, returned: read.returned)
                let end = min(terms.end, words.upperBound)
                if terms.isOpen {
                    verdicts.wordsUndecided += Int(end - word)
                    verdicts.decided.add(Int(end - word), \.undecided, isAudit: read.isAudit)
                    if !read.isAudit {
                        measurePower(of: read, word..<end, &verdicts) { _ in false }
                    }
                    word = end
                    continue
                }
                let (from, found) = (word, verdicts.count)
                verdicts.decided.add(Int(end - word), \.byCopy, isAudit: read.isAudit)
                while word < end {
                    let value = history.values[Int(read.operand &+ word)]
                    if !provenance.holds(terms, word, value) {
                        self.word = word
                        judgeForeign(index, value, terms, provenance, &verdicts)
                    }
                    word += 1
                }
                if !read.isAudit && verdicts.count == found {
                    measurePower(of: read, from..<end, &verdicts) { word in
                        !provenance.holds(terms, word, 0)
                            && !((read.isTorn || terms.isTorn)
                                && WordJudge.isMix(
                                    0, of: terms.list.map { provenance.value($0, word) }))
                    }
                }
            }
        }
    }

    /// Tries zero in place of a stamp in one of so many words that `read` found legal; here a read is
    /// judged by itself.
    private mutating func measurePower(
        of read: Visit, _ words: Range<UInt64>, _ verdicts: inout Verdicts,
        isRefused: (UInt64) -> Bool
    ) {
        var word = words.lowerBound
        while untried <= Int(words.upperBound - word) {
            word += UInt64(untried)
            untried = Power.interval
            if history.values[Int(read.operand &+ (word - 1))] != 0 {
                verdicts.power.zeroForStamp.add(isRefused(word - 1))
            }
        }
        untried -= Int(words.upperBound - word)
    }

    /// A read of what the word cannot have held: a mix, if bytes may come one by one.
    private func judgeForeign(
        _ index: Int, _ value: UInt64, _ terms: Provenance.Terms, _ provenance: Provenance,
        _ verdicts: inout Verdicts
    ) {
        let read = visits[index]
        let values = terms.list.map { provenance.value($0, word) }
        if (read.isTorn || terms.isTorn) && WordJudge.isMix(value, of: values) {
            verdicts.tornReads += 1
            // It was counted as one of a copy.
            verdicts.decided.add(1, \.torn, isAudit: read.isAudit)
            verdicts.decided.add(-1, \.byCopy, isAudit: read.isAudit)
            return
        }
        let interval = Interval(Timestamp(ticks: read.invoked), Timestamp(ticks: read.returned))
        guard verdicts.wants(interval) else { return }
        let ever = provenance.terms(
            history.file, word, invoked: read.invoked, returned: .max, everything: true)
        let past = provenance.terms(
            history.file, word, invoked: read.invoked, returned: read.returned, everything: true)
        let isOld = key.verify(Stamp(rawValue: value), file: history.file, word: word)
        var rule = Rule.provenance
        if provenance.holds(past, word, value) || isOld || value == 0 {
            rule = .freshness
            if let followed = terms.followed,
                case .zero(let zeroing) = provenance.effect(followed, of: history.file).sort
            {
                rule = zeroing
            }
        } else if provenance.holds(ever, word, value) {
            rule = .future
        }
        var evidence = [
            Evidence(
                role: .observer, operation: history.reads[Int(read.record)].operation,
                interval: interval, value: value)
        ]
        var named = Array(terms.effects.suffix(4))
        if let followed = terms.followed, !named.contains(followed) {
            named.insert(followed, at: 0)
        }
        for index in named {
            let effect = provenance.effect(index, of: history.file)
            guard !evidence.contains(where: { $0.operation == effect.operation }) else { continue }
            evidence.append(
                Evidence(
                    role: effect.role(after: read), operation: effect.operation,
                    interval: effect.interval, value: provenance.stamp(of: effect, history, word)))
        }
        verdicts.add(
            Violation(
                rule: rule, file: history.file, offset: 8 * word,
                expected: .values(values.distinct),
                observed: .value(value), evidence: evidence, interval: interval))
    }
}

extension EffectTable.Effect {
    var interval: Interval { Interval(Timestamp(ticks: invoked), Timestamp(ticks: returned)) }

    /// The effect's part in the violation that `read` is.
    fileprivate func role(after read: Visit) -> Evidence.Role {
        if case .zero = sort { return .zeroing }
        if case .copy = sort { return .copy }
        return returned < read.invoked && isDefinite ? .overwrite : .write
    }
}

extension [UInt64] {
    /// The values, each once, in order of their first places.
    fileprivate var distinct: [UInt64] {
        reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
