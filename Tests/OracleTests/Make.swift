import DaxModel
import DaxOracle
import TestSupport

/// Short words for made histories.
enum Make {
    static let key = StampKey(seed: 0xdead_beef)
    static let oracle = Oracle(key: key)

    static func interval(_ from: UInt64, _ to: UInt64) -> Interval {
        Interval(Timestamp(ticks: from), Timestamp(ticks: to))
    }

    static func operation(_ actor: ActorNumber, _ index: UInt32 = 0, kind: UInt8 = 0) -> Operation {
        Operation(OperationID(actor: actor, index: index), kind: kind)
    }

    static func stamp(
        _ actor: ActorNumber, _ sequence: UInt32, _ word: UInt64, file: FileNumber = 0
    )
        -> UInt64
    {
        key.stamp(actor: actor, sequence: sequence, file: file, word: word).rawValue
    }

    static func history(words: ContiguousArray<UInt64> = [], size: UInt64 = 1 << 20) -> History {
        History(file: 0, words: words, size: size)
    }
}

extension History {
    /// Actor `actor` wrote `words` with `sequence`; its index in the log is the sequence.
    mutating func wrote(
        _ actor: ActorNumber, _ sequence: UInt32, _ words: Range<UInt64>, _ from: UInt64,
        _ to: UInt64,
        certainty: Certainty = .definite, torn: Bool = false
    ) {
        write(
            Make.operation(actor, sequence), words, sequence: sequence,
            over: Make.interval(from, to), certainty: certainty, torn: torn)
    }

    mutating func zeroed(
        _ actor: ActorNumber, _ index: UInt32, _ words: Range<UInt64>, _ from: UInt64, _ to: UInt64,
        certainty: Certainty = .definite, torn: Bool = false, rule: Rule = .freshness
    ) {
        zero(
            Make.operation(actor, index), words, over: Make.interval(from, to),
            certainty: certainty, torn: torn, rule: rule)
    }

    mutating func saw(
        _ actor: ActorNumber, _ index: UInt32, _ word: UInt64, _ values: [UInt64], _ from: UInt64,
        _ to: UInt64, torn: Bool = false
    ) {
        read(
            Make.operation(actor, index), at: word, values: values,
            over: Make.interval(from, to), torn: torn)
    }
}
