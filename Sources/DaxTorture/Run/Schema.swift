import DaxActors
package import DaxConfig
import DaxMutants
import DaxOperations

extension ConfigSchema {
    /// The schema of this program: its roles and its mutants.
    package static let daxtorture = ConfigSchema(
        roles: Role.allCases.map(\.rawValue),
        mutants: Mutant.all.map { ($0.name, FilesystemType(rawValue: $0.filesystem)!) },
        stepComplaint: { step, files, limit, largest in
            do throws(OrderError) {
                return try Order(step).complaint(
                    files: files, limit: limit, largest: largest)
            } catch { return error.description }
        })
}
