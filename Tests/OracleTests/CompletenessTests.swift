import DaxModel
import DaxOracle
import TestSupport
import Testing

/// The oracle against a search over all orders, on small histories.
@Suite("Completeness: agreement with brute force")
struct CompletenessTests {
    /// How many histories each test draws; the environment may ask for more.
    static let histories = Environment.count("DAXTORTURE_BRUTE_FORCE_HISTORIES") ?? 20_000

    /// Only stamps: the verdict is exact, both ways.
    @Test func stampsAgree() {
        var draw = RandomHistory(seed: 1, withZeroings: false)
        var tally = Tally()
        for _ in 0..<Self.histories {
            var history = draw.next()
            // Zeros from before the epoch count among the zeros, so begin with stamps.
            history = history.startingFromStamps()
            tally.add(history)
            #expect(tally.agrees, "\(history.told(0..<2))")
            if !tally.agrees { break }
        }
        print("stamps: \(tally)")
        #expect(tally.illegal > 0 && tally.legal > 0)
    }

    /// With zeros: nothing legal is flagged; how much of the illegal is found is reported.
    @Test func zerosAreNeverFlaggedWrongly() {
        var draw = RandomHistory(seed: 2, withZeroings: true)
        var tally = Tally()
        for _ in 0..<Self.histories {
            let history = draw.next()
            tally.add(history)
            #expect(tally.wronglyFlagged == 0, "\(history.told(0..<2))")
            if tally.wronglyFlagged > 0 { break }
        }
        print("zeros: \(tally)")
        #expect(tally.illegal > 0 && tally.legal > 0)
        #expect(tally.found == tally.illegal, "fewer than all: \(tally)")
    }

    struct Tally: CustomStringConvertible {
        var legal = 0
        var illegal = 0
        var found = 0
        var wronglyFlagged = 0

        var agrees: Bool { wronglyFlagged == 0 && found == illegal }

        mutating func add(_ history: History) {
            let isLegal = BruteForce.isLegal(history, words: 0..<2)
            let isClean = Make.oracle.judge(history).isClean
            if isLegal { legal += 1 } else { illegal += 1 }
            if isLegal && !isClean { wronglyFlagged += 1 }
            if !isLegal && !isClean { found += 1 }
        }

        var description: String {
            "\(legal) legal, \(wronglyFlagged) of them flagged; "
                + "\(illegal) illegal, \(found) of them found"
        }
    }
}

extension History {
    /// The same with a stamp in each word at the beginning, and in each read that saw zero.
    func startingFromStamps() -> History {
        let stamps = ContiguousArray(
            (0..<UInt64(initialWords.count)).map { Make.stamp(200, 1, $0) })
        var other = Make.history(words: stamps)
        for write in writes { other.append(write) }
        for read in reads {
            let places = Int(read.values)..<Int(read.values) + Int(read.count)
            var found: [UInt64] = []
            for (word, place) in zip(read.words, places) {
                found.append(values[place] == 0 ? stamps[Int(word)] : values[place])
            }
            other.read(read.operation, at: read.first, values: found, over: read.interval)
        }
        return other
    }
}
