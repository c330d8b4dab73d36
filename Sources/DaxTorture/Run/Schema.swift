import DaxActors
package import DaxConfig
import DaxMutants

extension ConfigSchema {
    /// The schema of this program: its roles and its mutants.
    package static let daxtorture = ConfigSchema(
        roles: Role.allCases.map(\.rawValue),
        mutants: Mutant.all.map { ($0.name, FilesystemType(rawValue: $0.filesystem)!) })
}
