internal import DaxModel

/// The effects of one history on a word, found from the word: pages list what is narrow, and one
/// list all that is wide.
struct EffectTable {
    /// An effect on words; which, says `sort`.
    struct Effect {
        enum Sort {
            /// The stamp without its check.
            case write(UInt64)
            case zero(Rule)
            case copy(source: UInt16, shift: UInt64)
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
    private var pages: [UInt64: ContiguousArray<Int32>] = [:]
    private var wide: ContiguousArray<Int32> = []
    private static let narrow: UInt64 = 4

    init(_ history: History) {
        effects.reserveCapacity(
            history.writes.count + history.zeroings.count + history.copies.count)
        for write in history.writes {
            let stamp = UInt64(write.operation.actor) << 56 | UInt64(write.sequence) << 24
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
    }

    private mutating func add(
        _ words: Range<UInt64>, _ interval: Interval, _ operation: Operation,
        _ certainty: Certainty, _ torn: Bool, _ sort: Effect.Sort
    ) {
        guard !words.isEmpty else { return }
        let index = Int32(effects.count)
        effects.append(
            Effect(
                words: words, invoked: interval.invoked.ticks, returned: interval.returned.ticks,
                operation: operation, isDefinite: certainty == .definite, isTorn: torn, sort: sort))
        let size = UInt64(History.pageWords)
        let (first, last) = (words.lowerBound / size, (words.upperBound - 1) / size)
        guard last - first < EffectTable.narrow else {
            wide.append(index)
            return
        }
        for page in first...last { pages[page, default: []].append(index) }
    }

    /// Calls `body` with each effect on `word`; the first word after it at which there may be
    /// others.
    func visit(_ word: UInt64, _ body: (Int32, Effect) -> Void) -> UInt64 {
        let size = UInt64(History.pageWords)
        let page = word / size
        var end = (page + 1) * size
        for list in [pages[page] ?? [], wide] {
            for index in list {
                let effect = effects[Int(index)]
                if effect.words.contains(word) {
                    end = min(end, effect.words.upperBound)
                    body(index, effect)
                } else if effect.words.lowerBound > word {
                    end = min(end, effect.words.lowerBound)
                }
            }
        }
        return end
    }
}
