import DaxActors
import DaxChecks
import DaxConfig
import DaxHost
import DaxOperations
import DaxSystem
import DaxText

/// What the run knows by which refusals are judged.
extension Torture {
    /// The situation of the epoch that is over, of which `actorLogs` are the logs.
    func situation(of actorLogs: [ActorLog], signalled: Bool) -> Situation {
        noteFreeSpace()
        let space = outlook(actorLogs)
        askedForSpace = space.asked
        leastFree = nil
        noteFreeSpace()
        var situation = Situation(config.fs.type == .ext4 ? .ext4 : .xfs, space: space)
        situation.memoryFails = count(.poisoner) > 0
        situation.throughPageCache = config.fs.dax == .never
        situation.isShared = config.fs.mount != nil
        // Of a mount nobody knows how it was made.
        situation.sharesBlocks =
            config.fs.reflink || config.fs.mount != nil && count(.cloner) > 0
        situation.signalled = signalled || Interrupts.seen > 0
        situation.freezers = count(.freezer)
        return situation
    }

    /// Asks how much is free, and keeps the least. While a filler is at work that says nothing.
    func noteFreeSpace() {
        guard let free = try? Filesystem.freeBytes(directory) else { return }
        leastFree = min(leastFree ?? free, free)
    }

    /// Whether the controller may ask for free space while actors are at work.
    var watchesFreeSpace: Bool { count(.filler) == 0 }

    private func outlook(_ actorLogs: [ActorLog]) -> SpaceOutlook {
        // Without DAX blocks may be allocated long after the call that wanted them.
        guard config.fs.dax != .never, let leastFree else { return SpaceOutlook(free: 0) }
        let growth = config.fs.files * config.fs.fileSize.bytes + ownSpace
        return SpaceOutlook(
            of: actorLogs, floor: leastFree - min(leastFree, growth), askedBefore: askedForSpace,
            givesBackLate: config.fs.type == .ext4, slack: slack)
    }

    /// What the actors' own files, canaries and the filesystem's records of them can take at most
    /// beside the files under test, in bytes.
    private var ownSpace: UInt64 {
        let churners = config.actors.filter { $0.role == Role.churner.rawValue }
        return Torture.reserve
            + churners.reduce(0) { $0 + $1.count * Churner.space(of: $1.max.bytes) }
            + UInt64(count(.recycler) + count(.poisoner) + count(.pinner)) * Torture.reserve
    }

    /// Recycled and poisoned files have 4 MiB at most, two of a kind, and a while may pass before
    /// what was removed has come back.
    private static let reserve: UInt64 = 32 << 20

    private func count(_ role: Role) -> Int {
        config.actors.filter { $0.role == role.rawValue }.reduce(0) { $0 + Int($1.count) }
    }
}
