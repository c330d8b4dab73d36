import DaxActors
import DaxChecks
import DaxConfig
import DaxModel
import DaxOperations
import DaxOracle
import DaxReport
import DaxSystem
import DaxText

/// The epoch in which the first violation of a signature was found, kept as data (docs/minimise.md).
extension Torture {
    /// What a file under test is as an epoch begins.
    struct FileState {
        var size: UInt64
        var extents: [EpisodeExtent]
        var words: ContiguousArray<UInt64>
    }

    /// How many episodes a run keeps: one shows what a reader wants to know, and each may be large.
    private static let mostEpisodes = 8
    /// How many orders of each actor an episode has.
    private static let mostOrders = 8192

    /// What the files are now; empty where nothing is checked.
    func fileStates() -> [FileState] {
        guard config.oracle.check else { return [] }
        return files.map { file in
            FileState(
                size: file.size, extents: (try? Torture.extents(of: file.path)) ?? [],
                words: file.words)
        }
    }

    private static func extents(of path: String) throws(SystemError) -> [EpisodeExtent] {
        try File(path).extents().map { extent in
            EpisodeExtent(
                offset: extent.offset, length: extent.length,
                state: extent.flags.contains(.unwritten)
                    ? .unwritten : extent.flags.contains(.shared) ? .shared : .written)
        }
    }

    /// Sends an episode for each signature that is not among the `known`, which the epoch that began with
    /// `states` showed.
    func tellEpisodes(
        without known: Set<String>, _ states: [FileState], begun: UInt64, _ pool: ActorPool,
        _ logs: [ActorLog]
    ) {
        guard let keep = listener.file else { return }
        for finding in builder.report.violations
        where !known.contains(finding.signature)
            && episodes.count < Torture.mostEpisodes && episodes.insert(finding.signature).inserted
        {
            let episode = episode(of: finding, states, begun: begun, pool, logs)
            keep("episode-\(episodes.count).json", Array(episode.json.text.utf8))
        }
    }

    private func episode(
        of finding: Finding, _ states: [FileState], begun: UInt64, _ pool: ActorPool,
        _ logs: [ActorLog]
    ) -> Episode {
        func nanoseconds(_ instant: Timestamp) -> UInt64 {
            builder.nanoseconds(instant.ticks - min(instant.ticks, begun))
        }
        var episode = Episode(finding)
        let proof = builder.proofs[finding.signature]
        if let seen = proof?.interval {
            (episode.begin, episode.end) = (nanoseconds(seen.invoked), nanoseconds(seen.returned))
        }
        episode.epoch = epoch
        for (file, state) in zip(files, states) {
            var one = EpisodeFile(name: file.name, size: state.size)
            one.extents = state.extents
            if file.name == finding.file {
                let first = Int(finding.offset) / Page.bytes * Page.words
                one.words = Array(
                    state.words[min(first, state.words.count)...].prefix(Page.words))
            }
            episode.files.append(one)
        }
        for (member, actorLog) in zip(pool.members, logs) {
            var actor = EpisodeActor(name: member.name, role: member.role.rawValue)
            let records = actorLog.log.records
            let first = max(0, records.count - Torture.mostOrders)
            actor.omitted = UInt64(first)
            for index in first..<records.count {
                let record = records[index]
                actor.orders.append(
                    EpisodeOrder(
                        invoked: nanoseconds(record.interval.invoked),
                        returned: nanoseconds(record.interval.returned), kind: record.kind.name,
                        file: record.file == Record.noFile ? nil : UInt64(record.file.rawValue),
                        offset: record.offset, length: record.length, done: record.done,
                        outcome: record.outcomeName, faulted: "\(record.faulted)",
                        step: Order(record).map(\.description) ?? "",
                        proves: proof?.operations.contains {
                            $0.actor == member.id && $0.index == index
                        } ?? false))
            }
            episode.actors.append(actor)
        }
        episode.trial = trial(of: finding, nanoseconds)
        return episode
    }

    /// What an actor did to a file of its own, and what was done beside that.
    private func trial(of finding: Finding, _ nanoseconds: (Timestamp) -> UInt64) -> [EpisodeActor]
    {
        let steps = builder.trials[finding.signature] ?? []
        return [false, true].compactMap { beside in
            var actor = EpisodeActor(name: beside ? "beside" : "trial", role: "script")
            actor.orders = steps.filter { $0.isBeside == beside }.map { step in
                let order = step.order
                return EpisodeOrder(
                    invoked: nanoseconds(step.interval.invoked),
                    returned: nanoseconds(step.interval.returned), kind: order.verb.rawValue,
                    file: UInt64(order.file), offset: order.offset, length: order.length, done: 0,
                    outcome: "done", faulted: "none", step: order.description, proves: false)
            }
            return actor.orders.isEmpty ? nil : actor
        }
    }
}

extension Record {
    /// `done`, `interrupted`, or the name of the errno or signal.
    fileprivate var outcomeName: String {
        switch outcome {
        case .done: "done"
        case .interrupted: "interrupted"
        case .failed: SystemError.name(of: code)
        case .faulted: SystemError.signalName(of: Int32(signal))
        }
    }
}
