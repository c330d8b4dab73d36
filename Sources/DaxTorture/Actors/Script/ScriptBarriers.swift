package import DaxOperations
import DaxSystem

/// Where the scripts of a run wait for each other, in memory that their processes share.
///
/// Each script has a row of its own, which nobody else writes: how far it is, and how often it has come to
/// each meeting. Counts only grow, so that a script that the epoch's end has called away goes on waiting in
/// the next one where it was. All of it happens between steps: no operation waits.
package final class ScriptBarriers: Sendable {
    private let scripts: [Member]
    private let words: SharedWords

    private struct Member {
        /// Of its table, which others may have, too.
        let name: String
        let steps: UInt64
        /// Those that are among its steps.
        let meetings: Set<UInt64>
    }

    /// For all scripts of a run, by the names of their tables.
    package init(_ scripts: [(name: String, orders: [Order])]) {
        self.scripts = scripts.map { name, orders in
            Member(
                name: name, steps: UInt64(orders.count),
                meetings: Set(orders.filter { $0.verb.shape == .meeting }.map(\.number)))
        }
        words = SharedWords(max(scripts.count, 1) * ScriptBarriers.row)
    }

    /// One script's place in it.
    package struct Slot: Sendable {
        let barriers: ScriptBarriers
        let row: Int
        /// As messages call the script: "show 1".
        let name: String
    }

    /// Of the script with that number, counted from 0, among those of the table; nil where there is none.
    package func slot(in table: String, _ number: Int, called name: String) -> Slot? {
        let rows = rows(of: table)
        return rows.indices.contains(number)
            ? Slot(barriers: self, row: rows[number], name: name) : nil
    }

    // A row is whole cache lines: how far the script is, and for each meeting how often it has come, and how
    // often it has seen that all have.
    private static let line = 8
    private static let meetings = 64
    private static let row = line + 2 * meetings

    private enum Part: Int {
        case come = 0
        case seen = 1
    }

    private func index(_ script: Int, _ part: Part, _ meeting: UInt64) -> Int {
        script * ScriptBarriers.row + ScriptBarriers.line + part.rawValue * ScriptBarriers.meetings
            + Int(meeting)
    }

    private func rows(of name: String) -> [Int] {
        scripts.indices.filter { scripts[$0].name == name }
    }

    private func everybody(has part: Part, at meeting: UInt64, times: UInt64) -> Bool {
        scripts.indices.allSatisfy { script in
            !scripts[script].meetings.contains(meeting)
                || words.load(index(script, part, meeting)) >= times
        }
    }
}

extension ScriptBarriers.Slot {
    /// How often this script has come to that meeting.
    func visits(to meeting: UInt64) -> UInt64 {
        barriers.words.load(barriers.index(row, .come, meeting))
    }

    /// Waits for all scripts to have come to that meeting `times` times, as this one has; false if the epoch
    /// ended before.
    ///
    /// Whoever waits long sleeps, and would wake up late. So all wait once more, awake, for each other to
    /// have seen that everybody is there, and go on within the time that a store takes to be seen.
    func meet(_ meeting: UInt64, times: UInt64, _ stopFlag: StopFlag?) -> Bool {
        barriers.words.store(times, at: barriers.index(row, .come, meeting))
        let isWhole = wait(stopFlag, dozing: true) {
            barriers.everybody(has: .come, at: meeting, times: times)
        }
        guard isWhole else { return false }
        barriers.words.store(times, at: barriers.index(row, .seen, meeting))
        return wait(stopFlag, dozing: false) {
            barriers.everybody(has: .seen, at: meeting, times: times)
        }
    }

    /// Says how many steps this script has carried out since the run began.
    func publish(steps: UInt64) { barriers.words.store(steps, at: row * ScriptBarriers.row) }

    /// Waits for all scripts of that name to have carried out the first `steps` steps of their lists after
    /// `passes` passes through them; false if the epoch ended before.
    func wait(for name: String, steps: UInt64, passes: UInt64, _ stopFlag: StopFlag?) -> Bool {
        wait(stopFlag, dozing: true) {
            barriers.rows(of: name).allSatisfy { row in
                barriers.words.load(row * ScriptBarriers.row)
                    >= passes * barriers.scripts[row].steps + steps
            }
        }
    }

    /// Waits until `isOver` says so; false if the epoch ended before. Others that want this CPU get it, which
    /// the one waited for may be.
    private func wait(_ stopFlag: StopFlag?, dozing: Bool, _ isOver: () -> Bool) -> Bool {
        var tries = 0
        while !isOver() {
            if stopFlag?.isSet == true { return false }
            tries += 1
            if dozing && tries > Self.triesAwake {
                Clock.sleep(nanoseconds: min(UInt64(tries) * Self.nap, Self.longestNap))
            } else {
                Clock.yield()
            }
        }
        return true
    }

    /// So often it looks before it sleeps.
    private static let triesAwake = 200

    // In nanoseconds: whoever has waited long sleeps longer, for the others to have the CPU.
    private static let nap: UInt64 = 200
    private static let longestNap: UInt64 = 1_000_000
}
