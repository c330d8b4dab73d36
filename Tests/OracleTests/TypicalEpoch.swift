import DaxModel
import DaxOracle
import TestSupport

/// A legal epoch as the default workload makes them: mostly stores and loads of 1 to 8 words at
/// random places of a 32 MiB file by 6 actors, 1 % punches of 4 KiB to 2 MiB, 0.3 % truncates
/// over 100 sizes, and at the end an audit of the whole file.
///
/// The operations take effect one after the other, 100 ticks apart; their intervals reach up to
/// 299 ticks to both sides, so each overlaps several others.
struct TypicalEpoch {
    var random: Random
    /// Where loads and stores go, in words; all of the file if nil.
    var hot: UInt64?
    static let fileWords: UInt64 = 4 << 20

    private var words = ContiguousArray<UInt64>(repeating: 0, count: Int(fileWords))
    private var size = fileWords
    private var sizes: [UInt64] = []
    private var history: History
    private var sequence: UInt32 = 0

    init(seed: UInt64, hot: UInt64? = nil) {
        random = Random(seed: seed)
        self.hot = hot
        // The file begins full, as after a first epoch.
        for word in words.indices { words[word] = Make.stamp(100, 1, UInt64(word)) }
        for _ in 0..<100 {
            sizes.append(Self.fileWords / 2 + 512 * random.below(Self.fileWords / 1024 + 1))
        }
        history = History(file: 0, words: words, size: 8 * Self.fileWords)
    }

    mutating func make(operations: Int) -> History {
        history.reserve(writes: operations / 2, reads: operations / 2, values: 3 * operations)
        for index in 0..<operations {
            let instant = 1000 + 100 * UInt64(index)
            let interval = Make.interval(
                instant - random.below(300), instant + random.below(300))
            let operation = Make.operation(ActorNumber(index: index % 6), UInt32(index))
            let draw = random.below(1000)
            if draw < 3 {
                truncate(operation, interval)
            } else if draw < 13 {
                punch(operation, interval)
            } else {
                access(operation, interval, stores: draw % 2 == 0)
            }
        }
        let end = 2000 + 100 * UInt64(operations)
        history.read(
            Make.operation(0), at: 0, values: words[..<Int(size)],
            over: Make.interval(end, end + 1000))
        return history
    }

    private mutating func truncate(_ operation: Operation, _ interval: Interval) {
        let to = sizes[random.below(sizes.count)]
        if to < size { clear(to..<size) }
        size = to
        history.resize(operation, to: 8 * to, over: interval)
        history.zero(operation, History.from(to), over: interval, rule: .regrowth)
    }

    private mutating func punch(_ operation: Operation, _ interval: Interval) {
        let length: UInt64 = 512 * (1 + random.below(512))
        let first = 512 * random.below((Self.fileWords - length) / 512 + 1)
        clear(first..<first + length)
        history.zero(operation, first..<first + length, over: interval)
    }

    private mutating func clear(_ range: Range<UInt64>) {
        for word in Int(range.lowerBound)..<Int(range.upperBound) { words[word] = 0 }
    }

    private mutating func access(_ operation: Operation, _ interval: Interval, stores: Bool) {
        let count: UInt64 = 1 + random.below(8)
        let first = random.below((hot ?? Self.fileWords) - count)
        let range = first..<first + count
        guard range.upperBound <= size else {
            history.access(
                operation, page: (range.upperBound - 1) / 512, .sigbus, over: interval)
            return
        }
        let places = Int(range.lowerBound)..<Int(range.upperBound)
        if stores {
            sequence += 1
            for word in places {
                words[word] = Make.stamp(operation.actor, sequence, UInt64(word))
            }
            history.write(
                operation, range, sequence: sequence, over: interval, mapped: true)
        } else {
            history.read(operation, at: first, values: words[places], over: interval, mapped: true)
        }
    }
}
