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
                    exchanges: fs.exchange)
            } catch { return error.description }
        })
}
