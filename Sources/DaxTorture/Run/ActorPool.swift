import DaxActors
import DaxChecks
import DaxConfig
import DaxDevices
import DaxHost
import DaxModel
import DaxOperations
import DaxSystem
import DaxText

/// One actor of the run: who it is, and the process that runs it.
struct PoolMember {
    let spec: ActorSpec
    let host: any ActorHost

    var id: ActorNumber { spec.id }
    /// What messages call the actor: "writer 2".
    var name: String { spec.name }
    var role: Role { spec.role }
    var progress: ProgressCounter { spec.progress }
    /// Whether it works on a file that it alone knows, which has a history.
    var hasPrivateFile: Bool { role == .pinner || spec.settings.orders.hasPrivateFile }
    /// The actor's log of the epoch that is over.
    var log: Log { spec.log }
    /// Whether the actor rests, in a process that goes on.
    var isIdle: Bool { spec.status.isIdle && host.exit == nil }
    /// The kernel's id of the actor's thread (gettid(2)).
    var kernelID: Int32 { spec.status.kernelID }

    func interrupt() { host.interrupt(spec) }
}

/// All actors of a run. They are numbered from 1 in the order of the config.
struct ActorPool {
    let members: [PoolMember]
    /// The processes that run the actors, this one first.
    private let hosts: [any ActorHost]
    private let setup: ActorSetup
    /// What the logs have reserved, in bytes.
    let logBytes: UInt64
    /// How stores through MAP_SYNC are made durable.
    let flush: Flush

    /// Starts a thread for every actor that `config` asks for, and before that forks the processes in
    /// which some of them are; each opens and maps the files at `paths` for itself. `exchanges` says
    /// whether these files can exchange ranges, `mapSync` whether any mapping may be MAP_SYNC.
    init(
        _ config: Config, seed: UInt64, key: StampKey, paths: [String], exchanges: Bool,
        mapSync: Bool, frames: FrameCheck?
    ) throws {
        let limit = config.fs.fileSize.bytes
        let total = config.actors.reduce(0) { $0 + $1.count }
        // A config that was resolved is so.
        precondition(total > 0 && total <= Config.mostActors)
        precondition(config.fs.files + total <= Config.mostFilesAndActors)
        let roles = config.actors.flatMap { group in
            Array(repeating: Role(rawValue: group.role), count: Int(group.count))
        }
        let room = LogRoom(
            budget: config.oracle.memory.bytes, roles: roles.compactMap(\.self),
            file: limit * config.fs.files)
        logBytes = UInt64(room.bytes) * total
        flush = Flush(StoreGranularity.ofFile(paths[0], length: limit))
        setup = ActorSetup(
            seed: seed, key: key, paths: paths, limit: limit, mapSync: mapSync, flush: flush,
            watches: true, frames: frames)
        let processes = ProcessOfActor(config, seed: seed)
        let orders = try config.actors.map { try $0.steps.map { try Order($0) } }
        let barriers = ScriptBarriers(
            zip(config.actors, orders).flatMap { group, orders in
                Array(
                    repeating: (group.name, orders), count: orders.isEmpty ? 0 : Int(group.count))
            })
        var specs: [ActorSpec] = []
        for (group, orders) in zip(config.actors, orders) {
            guard let role = Role(rawValue: group.role) else {
                preconditionFailure("a role that the schema knows, and nobody runs: \(group.role)")
            }
            var settings = ActorSettings(
                bytes: group.min.bytes...min(group.max.bytes, limit),
                alignment: max(8, group.align.bytes), pause: group.pause.nanoseconds,
                exchanges: exchanges,
                failingGrowth: config.fs.failingGrowth || config.fs.type != .ext4,
                keepsDAXAttribute: config.fs.dax == .inode, orders: orders,
                once: config.run.rounds != nil)
            for number in 0..<Int(group.count) {
                let name = "\(group.name) \(number + 1)"
                settings.slot = barriers.slot(in: group.name, number, called: name)
                specs.append(
                    ActorSpec(
                        id: ActorNumber(index: specs.count), name: name, role: role, settings,
                        process: processes.numbers[specs.count],
                        log: Log(records: room.records, values: room.values)))
            }
        }
        (members, hosts) = try ActorPool.hosts(of: specs, on: setup)
    }

    /// Forks first, while this process has one thread.
    private static func hosts(of specs: [ActorSpec], on setup: ActorSetup) throws
        -> ([PoolMember], [any ActorHost])
    {
        func part(_ number: Int) -> [ActorSpec] { specs.filter { $0.process == number } }
        var forked: [Int: ActorProcess] = [:]
        var isWhole = false
        defer { if !isWhole { for process in forked.values { process.end() } } }
        for number in Set(specs.map(\.process)).sorted() where number > 0 {
            forked[number] = try ActorProcess(part(number), on: setup)
        }
        let others = forked.sorted { $0.key < $1.key }.map(\.value)
        for process in others { try process.make() }
        let own = try ActorThreads(part(0), on: setup)
        isWhole = true
        return (
            specs.map { PoolMember(spec: $0, host: forked[$0.process] ?? own) }, [own] + others
        )
    }

    /// Gives every actor the epoch's window, or its duel, then clears the stop flag and starts all.
    func begin(epoch: UInt64, kind: EpochKind, seed: UInt64, duels: [ActorNumber: Duel] = [:])
        throws(ForkedProcess.Gone)
    {
        var starts: [ActorNumber: EpochStart] = [:]
        for member in members {
            starts[member.id] = EpochStart(
                epoch: epoch, kind: kind, seed: seed, duel: duels[member.id])
        }
        for host in hosts { try host.begin(starts) }
        stopFlag.clear()
        for host in hosts.reversed() { try host.start() }
    }

    var stopFlag: StopFlag { setup.stopFlag }

    /// What the auditor of file `number` is to read into.
    func content(of number: Int) -> SharedBuffer { setup.contents[number] }

    /// The actors whose process ended by itself.
    var gone: [GoneActors] {
        hosts.compactMap { host in
            host.exit.map { exit in
                GoneActors(
                    names: members.filter { $0.host === host }.map(\.name), exit: exit)
            }
        }
    }

    /// Sets the stop flag and waits for everybody.
    ///
    /// Whoever is not back after `nanoseconds` is in an access or a call that does not end. An
    /// access is interrupted then, so that the actor's log can be read; a call cannot be.
    func stop(within nanoseconds: UInt64) -> (interrupted: [PoolMember], lost: [PoolMember]) {
        stopFlag.set()
        let late = members(notBackWithin: nanoseconds)
        for member in late { member.interrupt() }
        let lost = late.isEmpty ? [] : members(notBackWithin: ActorPool.grace)
        return (late.filter { $0.isIdle }, lost)
    }

    /// How long an interrupted actor may take to come back.
    private static let grace: UInt64 = 2_000_000_000

    private func members(notBackWithin nanoseconds: UInt64) -> [PoolMember] {
        var deadline = Deadline(nanoseconds: nanoseconds)
        return members.filter { member in
            !member.spec.status.wait(&deadline) { member.host.exit != nil }
        }.filter { $0.host.exit == nil }
    }

    /// Every actor's log of the epoch that is over.
    var logs: [ActorLog] {
        members.map { member in
            ActorLog(actor: member.id, log: member.log)
        }
    }

    /// What there is to say of each member that rests; in a forked process only if none of its
    /// actors is stuck.
    var remarks: [(member: PoolMember, remarks: Remarks)] {
        members.compactMap { member in
            let isWhole = !members.contains { $0.host === member.host && !$0.isIdle }
            guard member.isIdle, isWhole || member.host === hosts[0] else { return nil }
            return (try? member.host.remarks(on: member.id)).map { (member, $0) }
        }
    }

    /// Whether there are scripts, and all have gone through their steps: then a round is over.
    var scriptsAreDone: Bool {
        let scripts = members.filter { $0.role == .script }
        return !scripts.isEmpty && scripts.allSatisfy(\.progress.isFinished)
    }

    /// Steps since the run began.
    var steps: UInt64 { members.reduce(0) { $0 + $1.progress.steps } }

    /// What every actor is called, and the harness, which is one to histories.
    var names: [ActorNumber: String] {
        members.reduce(into: [.harness: name(of: .harness)]) { $0[$1.id] = $1.name }
    }

    func name(of actor: ActorNumber) -> String {
        actor == .harness ? "the harness" : members[actor.index].name
    }

    /// Ends every thread and process; threads that are stuck are left.
    func end() {
        for host in hosts {
            let isStuck = members.contains { $0.host === host && !$0.isIdle }
            if isStuck { host.abandon() } else { host.end() }
        }
    }
}

extension Flush {
    /// What a store needs on memory of this granularity. Where libpmem2 has no answer, and at page
    /// granularity, where msync(2) would be needed, too, cache lines are flushed: it harms nothing.
    init(_ granularity: Answer<StoreGranularity>) {
        self = granularity == .known(.byte) ? .fence : .ofLines
    }
}
