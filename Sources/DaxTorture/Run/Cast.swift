import DaxActors
import DaxConfig
import DaxDevices
import DaxModel
import DaxOperations
import DaxSystem
import DaxText

/// One actor of the run: who it is, and the thread that plays it.
struct Member {
    let id: UInt8
    /// As messages call it: "writer 2".
    let name: String
    let role: Role
    let pulse: Pulse
    let worker: Worker<Player>
}

/// All actors of a run. They are numbered from 1 in the order of the config.
struct Cast {
    let members: [Member]
    let curtain = Curtain()
    /// What the logs have reserved, in bytes.
    let logBytes: UInt64
    /// How stores through MAP_SYNC are made durable.
    let flush: Flush

    /// Starts a thread for every actor that `config` asks for; each opens and maps the files at
    /// `paths` for itself. The long mappings of every third actor are MAP_SYNC. `exchanges` says
    /// whether these files can exchange ranges, `mapSync` whether any mapping may be MAP_SYNC.
    init(
        _ config: Config, seed: UInt64, key: StampKey, paths: [String], exchanges: Bool,
        mapSync: Bool
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
        var members: [Member] = []
        // An actor that cannot be made must not leave those before it waiting for a first round.
        var isWhole = false
        defer { if !isWhole { for member in members { member.worker.end() } } }
        for group in config.actors {
            guard let role = Role(rawValue: group.role) else {
                preconditionFailure("a role that the schema knows, and nobody plays: \(group.role)")
            }
            let settings = ActorSettings(
                bytes: group.min.bytes...min(group.max.bytes, limit),
                alignment: max(8, group.align.bytes), pause: group.pause.nanoseconds,
                exchanges: exchanges)
            for number in 0..<group.count {
                let id = UInt8(members.count + 1)
                let name = "\(group.name) \(number + 1)"
                let (pulse, curtain) = (Pulse(), self.curtain)
                let (flush, synchronous) = (self.flush, id % 3 == 0)
                let worker = try Worker(
                    name,
                    make: {
                        let files = try paths.enumerated().map {
                            try FileUnderTest(
                                $1, number: UInt8($0), limit: limit, synchronous: synchronous,
                                mapSync: mapSync, flush: flush)
                        }
                        let hand = try Hand(
                            actor: id, seed: seed, key: key, files: files,
                            words: Int(settings.bytes.upperBound / 8) + 1024,
                            log: Log(records: room.records, values: room.values),
                            watch: FaultWatch(), pulse: pulse)
                        return try Player(role, settings, hand: hand)
                    }, round: { $0.play(curtain, pulse) })
                members.append(
                    Member(id: id, name: name, role: role, pulse: pulse, worker: worker))
            }
        }
        self.members = members
        isWhole = true
    }

    /// Lets every actor go to the epoch's place, or to its duel, then raises the curtain.
    func begin(epoch: UInt64, kind: EpochKind, seed: UInt64, duels: [UInt8: Duel] = [:]) {
        for member in members {
            let duel = duels[member.id]
            member.worker.withValue {
                $0.hand.begin(epoch: epoch, kind: kind, seed: seed, duel: duel)
            }
        }
        curtain.raise()
        for member in members { member.worker.start() }
    }

    /// Lowers the curtain and waits for everybody.
    ///
    /// Whoever is not back after `nanoseconds` is in an access or a call that does not end. An
    /// access is interrupted then, so that the actor's log can be read; a call cannot be.
    func stop(within nanoseconds: UInt64) -> (interrupted: [Member], lost: [Member]) {
        curtain.lower()
        let late = members(notBackWithin: nanoseconds)
        for member in late { member.worker.interrupt() }
        let lost = late.isEmpty ? [] : members(notBackWithin: Cast.grace)
        return (late.filter { $0.worker.isIdle }, lost)
    }

    /// How long an interrupted actor may take to come back.
    private static let grace: UInt64 = 2_000_000_000

    private func members(notBackWithin nanoseconds: UInt64) -> [Member] {
        var patience = Patience(nanoseconds: nanoseconds)
        return members.filter { !$0.worker.wait(&patience) }
    }

    /// Every actor's log of the epoch that is over.
    var logs: [Part] {
        members.map { member in
            Part(actor: member.id, log: member.worker.withValue { $0.hand.log })
        }
    }

    /// Steps since the run began.
    var steps: UInt64 { members.reduce(0) { $0 + $1.pulse.steps } }

    func name(of actor: UInt8) -> String {
        actor == 0 ? "the harness" : members[Int(actor) - 1].name
    }

    /// Ends every thread; those that are stuck are left.
    func end() {
        for member in members {
            if member.worker.isIdle { member.worker.end() } else { member.worker.abandon() }
        }
    }
}

/// Why a run could not be had at all.
public enum RunError: Error, CustomStringConvertible {
    /// What was asked for makes no sense: exit 2.
    case config(String)
    /// What was asked for cannot be tested here: exit 125.
    case untested(String)

    public var description: String {
        switch self {
        case .config(let text), .untested(let text): text
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
