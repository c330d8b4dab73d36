internal import DaxModel

/// Goes over the words of a file in ascending order and has each judged that was read.
///
/// Neighbouring words are mostly visited by the same operations. A *stretch* is a run of words
/// that the same reads and writes visit and the same zeroings cover: there the values alone
/// differ, and a word whose reads saw the same writes as those of a word found clean before needs
/// no verdict of its own. A read of the whole file is one visit, not millions.
struct WordSweep {
    private let history: History
    private let arrivals: Arrivals
    private var next = 0
    /// The next arrivals as visits. They lie all over the history; fetched many at a time, the
    /// waits for memory overlap.
    private var fetched: ContiguousArray<Visit> = []
    private var taken = 0
    /// The sum of their first values, of no meaning: to add them up fetches them too.
    private var touched: UInt64 = 0
    private static let fetch = 128
    private var fresh: ContiguousArray<Visit> = []
    private var merged: ContiguousArray<Visit> = []
    private var judge: WordJudge
    private var moved: MovedWords
    private let provenance: Provenance?

    /// `provenance` is there where some words were copied.
    static func judge(
        _ history: History, key: StampKey, _ provenance: Provenance?,
        into verdicts: inout Verdicts
    ) {
        var sweep = WordSweep(history, key, provenance)
        sweep.run(&verdicts)
    }

    private init(_ history: History, _ key: StampKey, _ provenance: Provenance?) {
        self.history = history
        self.provenance = provenance
        arrivals = Arrivals(history)
        judge = WordJudge(history, key)
        moved = MovedWords(history)
    }

    private mutating func run(_ verdicts: inout Verdicts) {
        var word: UInt64 = 0
        while true {
            if judge.visits.isEmpty {
                guard next < arrivals.sorted.count else { return }
                word = arrivals.sorted[next].word
            }
            admit(at: word)
            judge.zeros.advance(to: word)
            let (isMoved, until) = moved.look(at: word)
            var end = min(judge.zeros.nextBoundary, until)
            if next < arrivals.sorted.count { end = min(end, arrivals.sorted[next].word) }
            var hasReads = false
            for index in judge.visits.indices {
                end = min(end, judge.visits[index].end)
                hasReads = hasReads || !judge.visits[index].isWrite
            }
            if hasReads, isMoved, let provenance {
                judge.judgeMoved(word..<end, provenance, &verdicts)
            } else if hasReads {
                judge.judge(word..<end, &verdicts)
            }
            word = end
            dismiss(before: word)
        }
    }

    /// Takes in the visits that begin at `word`.
    private mutating func admit(at word: UInt64) {
        fresh.removeAll(keepingCapacity: true)
        while next < arrivals.sorted.count, arrivals.sorted[next].word == word {
            if taken == fetched.count { refill() }
            fresh.append(fetched[taken])
            taken += 1
            next += 1
        }
        guard !fresh.isEmpty else { return }
        if fresh.count > 1 { fresh.sort { $0.invoked < $1.invoked } }
        if judge.visits.isEmpty {
            swap(&judge.visits, &fresh)
            return
        }
        merged.removeAll(keepingCapacity: true)
        var old = 0
        for visit in fresh {
            while old < judge.visits.count, judge.visits[old].invoked <= visit.invoked {
                merged.append(judge.visits[old])
                old += 1
            }
            merged.append(visit)
        }
        while old < judge.visits.count {
            merged.append(judge.visits[old])
            old += 1
        }
        swap(&judge.visits, &merged)
    }

    private mutating func refill() {
        fetched.removeAll(keepingCapacity: true)
        taken = 0
        for place in next..<min(next + WordSweep.fetch, arrivals.sorted.count) {
            let code = arrivals.sorted[place].code
            let record = code >> 1
            fetched.append(
                code & 1 == 0
                    ? Visit(history.writes[Int(record)], record: record)
                    : Visit(history.reads[Int(record)], record: record))
        }
        for (place, visit) in zip(next..., fetched) where !visit.isWrite {
            touched &+= history.values[Int(visit.operand &+ arrivals.sorted[place].word)]
        }
    }

    private mutating func dismiss(before word: UInt64) {
        var kept = 0
        for index in judge.visits.indices where judge.visits[index].end > word {
            if kept != index { judge.visits[kept] = judge.visits[index] }
            kept += 1
        }
        while judge.visits.count > kept { judge.visits.removeLast() }
    }
}
