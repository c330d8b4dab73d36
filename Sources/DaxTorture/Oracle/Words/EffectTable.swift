internal import DaxModel

/// The effects of one history on a word, found from the word and from an interval: pages list what
/// is narrow, and one list all that is wide.
///
/// The lists are in order of invocation, and are searched from the interval backward, only until
/// some definite effect has followed all that is left: that is soon.
struct EffectTable {
    /// An effect on words; which, says `sort`.
    struct Effect {
        enum Sort {
            /// The stamp without its check.
            case write(UInt64)
            case zero(Rule)
            case copy(source: FileNumber, shift: UInt64)
        }
        var words: Range<UInt64>
        var invoked: UInt64
        var returned: UInt64
        var operation: Operation
        var isDefinite: Bool
        var isTorn: Bool
        var sort: Sort
    }

    private(set) var effects: ContiguousArray<Effect> = []
    private var pages: [UInt64: List] = [:]
    private var wide = List()
    private static let narrow: UInt64 = 4

    /// Effects in order of invocation.
    private struct List {
        var places: ContiguousArray<Int32> = []
        /// The latest return up to each of them.
        var latest: ContiguousArray<UInt64> = []

        mutating func append(_ place: Int32, _ returned: UInt64) {
            places.append(place)
            latest.append(max(latest.last ?? 0, returned))
        }
    }

    init(_ history: History) {
        effects.reserveCapacity(
            history.writes.count + history.zeroings.count + history.copies.count)
        for write in history.writes {
            let stamp = Stamp.head(actor: write.operation.actor, sequence: write.sequence)
            add(
                write.words, write.interval, write.operation, write.certainty, write.torn,
                .write(stamp))
        }
        for zeroing in history.zeroings {
            add(
                zeroing.words, zeroing.interval, zeroing.operation, zeroing.certainty,
                zeroing.torn, .zero(zeroing.rule))
        }
        for copy in history.copies {
            add(
                copy.words, copy.interval, copy.operation, copy.certainty, copy.torn,
                .copy(source: copy.source, shift: copy.shift))
        }
        effects.sort { $0.invoked < $1.invoked }
        for index in effects.indices { list(Int32(index)) }
    }

    private mutating func add(
        _ words: Range<UInt64>, _ interval: Interval, _ operation: Operation,
        _ certainty: Certainty, _ torn: Bool, _ sort: Effect.Sort
    ) {
        guard !words.isEmpty else { return }
        effects.append(
            Effect(
                words: words, invoked: interval.invoked.ticks, returned: interval.returned.ticks,
                operation: operation, isDefinite: certainty == .definite, isTorn: torn, sort: sort))
    }

    private mutating func list(_ index: Int32) {
        let (words, returned) = (effects[Int(index)].words, effects[Int(index)].returned)
        let size = UInt64(History.pageWords)
        let (first, last) = (words.lowerBound / size, (words.upperBound - 1) / size)
        if last - first >= EffectTable.narrow {
            wide.append(index, returned)
        } else {
            for page in first...last { pages[page, default: List()].append(index, returned) }
        }
    }

    /// What was found of a word and an interval.
    struct Found {
        /// The effects invoked by the interval's end that none of them followed, the latest first.
        var effects: ContiguousArray<Int32> = []
        /// The last definite effect that ran before the interval.
        var followed: Int32?
        /// The first word after this one of which it may be otherwise.
        var end: UInt64
    }

    /// The effects that may have been the last on `word` at some instant between two.
    ///
    /// - Parameter everything: that what followed shall not count.
    func search(_ word: UInt64, invoked: UInt64, returned: UInt64, everything: Bool) -> Found {
        let size = UInt64(History.pageWords)
        var found = Found(end: (word / size + 1) * size)
        var since: UInt64 = 0
        for list in [wide, pages[word / size] ?? List()] {
            var at = count(list, upTo: returned)
            while at > 0, everything || list.latest[at - 1] >= since {
                at -= 1
                let effect = effects[Int(list.places[at])]
                guard effect.words.contains(word) else {
                    if effect.words.lowerBound > word {
                        found.end = min(found.end, effect.words.lowerBound)
                    }
                    continue
                }
                found.end = min(found.end, effect.words.upperBound)
                found.effects.append(list.places[at])
                if effect.isDefinite && effect.returned < invoked && effect.invoked > since {
                    since = effect.invoked
                    found.followed = list.places[at]
                }
            }
        }
        if !everything { found.effects.removeAll { effects[Int($0)].returned < since } }
        return found
    }

    /// How many of a list were invoked by an instant.
    private func count(_ list: List, upTo ticks: UInt64) -> Int {
        var (low, high) = (0, list.places.count)
        while low < high {
            let middle = (low + high) / 2
            if effects[Int(list.places[middle])].invoked <= ticks {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
