import DaxActors
import DaxModel
import DaxOperations
import DaxSystem
import DaxTorture
import Glibc

/// A writer in this process and one in a forked one, on one file in the directory that is given.
///
/// Called with "play" they play, and it prints what their logs hold; with "meet" they are scripts that wait
/// for each other after each store, and it prints whether they did; with "kill" the other process is
/// killed meanwhile, and it prints how that was seen; with "wait" it says which process that is, and
/// waits for its own end.
@main
enum Probe {
    private static let limit: UInt64 = 4 << 20

    static func main() throws {
        let (word, directory) = (CommandLine.arguments[1], CommandLine.arguments[2])
        try Mapping.guardAccess()
        let path = "\(directory)/file"
        try File(path, [.create, .exclusive]).truncate(to: limit)
        let setup = ActorSetup(
            seed: 7, key: StampKey(seed: 7), paths: [path], limit: limit, mapSync: false,
            flush: .ofLines, watches: false)
        let orders = try word == "meet" ? [Order("store f0 0 8"), Order("meet 1")] : []
        let barriers = ScriptBarriers([("s", orders), ("s", orders)])
        let specs = (0..<2).map { number in
            ActorSpec(
                id: ActorNumber(index: number), name: "writer \(number + 1)",
                role: orders.isEmpty ? .writer : .script,
                ActorSettings(
                    bytes: 8...4096, alignment: 8, pause: 0, orders: orders,
                    slot: barriers.slot(in: "s", number, called: "s")), process: number,
                log: Log(records: 20_000, values: 100_000))
        }
        let other = try ActorProcess([specs[1]], on: setup)
        try other.make()
        let own = try ActorThreads([specs[0]], on: setup)
        if word == "wait" {
            print(other.pid)
            fflush(nil)
            while true { pause() }
        }
        let starts = specs.map { ($0.id, EpochStart(epoch: 0, kind: .free, seed: 7)) }
        own.begin([starts[0].0: starts[0].1])
        try other.begin([starts[1].0: starts[1].1])
        setup.stopFlag.clear()
        own.start()
        try other.start()
        // At most so long: where one does nothing, what is printed says so.
        var deadline = Deadline(nanoseconds: 20_000_000_000)
        while specs.contains(where: { $0.progress.steps < 100 }) && !deadline.isOver() {
            usleep(1000)
        }
        if word == "kill" { kill(other.pid, SIGKILL) }
        setup.stopFlag.set()
        while !specs[0].status.isIdle { usleep(1000) }
        if word == "kill" {
            while other.exit == nil { usleep(1000) }
        } else {
            while !specs[1].status.isIdle { usleep(1000) }
            if word == "meet" { tellMeetings(specs) } else { tell(specs) }
        }
        do { try other.start() } catch { print(error) }
        own.end()
        other.end()
        print("ended: \(other.exit.map { "\($0)" } ?? "no")")
        print("left: \(waitpid(-1, nil, WNOHANG))")
    }

    /// Neither stores again before the other has stored as often.
    private static func tellMeetings(_ specs: [ActorSpec]) {
        let stores = specs.map { $0.log.records.filter { $0.kind == .store } }
        let (one, other) = (stores[0], stores[1])
        let counts = stores.map(\.count)
        print("many: \(counts.min()! >= 50)")
        print("together: \(counts.max()! - counts.min()! <= 1)")
        let inTurns = (1..<counts.min()!).allSatisfy { round in
            one[round - 1].interval.precedes(other[round].interval)
                && other[round - 1].interval.precedes(one[round].interval)
        }
        print("in turns: \(inTurns)")
    }

    private static func tell(_ specs: [ActorSpec]) {
        var overlaps = Overlaps()
        overlaps.add(specs.map { (0, $0.process, $0.log.records) })
        let begins = specs.map { $0.log.records.first?.interval.invoked.ticks ?? .max }
        let ends = specs.map { $0.log.records.last?.interval.returned.ticks ?? 0 }
        let isOneClock = begins.max()! < ends.min()!
        print("threads: \(Set(specs.map(\.status.kernelID)).count)")
        print("one clock: \(isOneClock)")
        for spec in specs {
            // What a writer stores is numbered from 1 on, wherever it is.
            let stores = spec.log.records.filter { $0.kind == .store }.map(\.reference)
            print("\(spec.name) stored: \(!stores.isEmpty && stores == stores.sorted())")
        }
    }
}
