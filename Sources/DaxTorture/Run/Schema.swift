import DaxActors
package import DaxConfig
import DaxMutants
import DaxOperations
import DaxText

extension ConfigSchema {
    /// The schema of this program: its roles and its mutants.
    package static let daxtorture = ConfigSchema(
        roles: Role.allCases.map(\.rawValue),
        mutants: Mutant.all.map { ($0.name, FilesystemType(rawValue: $0.filesystem)!) },
        stepComplaint: { step, actor, fs in
            do throws(OrderError) {
                return try Order(step).complaint(
                    files: Int(fs.files), limit: fs.fileSize.bytes, largest: actor.max.bytes,
                    exchanges: fs.exchange, shares: fs.reflink)
            } catch { return error.description }
        },
        scriptComplaint: { actor, config in
            Scenario(config).complaint(
                of: actor.name,
                epoch: min(config.run.epoch, config.run.duration).nanoseconds,
                limit: config.fs.fileSize.bytes)
        })
}

extension Scenario {
    /// The scripts of a config whose steps are orders, each by itself.
    fileprivate init(_ config: Config) {
        self.init(
            config.actors.filter { !$0.steps.isEmpty }.map { actor in
                Script(
                    actor.name, count: actor.count, actor.steps.compactMap { try? Order($0) })
            }, once: config.run.rounds != nil)
    }
}
