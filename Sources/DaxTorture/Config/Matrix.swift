package import DaxText

/// What a night runs: kernels x filesystems x options x configs x seeds (docs/nightly.md).
package struct Matrix: Hashable, Sendable {
    /// In the order in which they are named, which are unique.
    package var kernels: [MatrixKernel] = []
    package var filesystems = FilesystemType.allCases
    /// Of them at least one; its names are unique.
    package var options: [MatrixOptions] = []
    /// As `--config` takes them: names, or paths.
    package var configs = ["default"]
    /// Runs of each combination, each from a seed of its own.
    package var seeds: UInt64 = 1
    /// How long the actors of a run work where no budget says otherwise.
    package var duration = TimeSpan.seconds(60)
    /// The kernel on which a failure is tried as well; nil: none.
    package var baseline: String?
    /// Files of known issues.
    package var known: [String] = []
    /// How often a new failure is tried again, on each of two kernels.
    package var repeats: UInt64 = 3
    /// How many nights stay whole.
    package var keep: UInt64 = 14
    /// Whether configs that are known to fail on a kernel are left out there.
    package var sound = false

    package init() {}

    /// The kernel of that name.
    package func kernel(_ name: String) -> MatrixKernel? { kernels.first { $0.name == name } }
}

/// A kernel of a matrix.
package struct MatrixKernel: Hashable, Sendable {
    /// What it is called in ids and tables.
    package var name: String
    /// A kernel's name as ci/fetch-kernel knows it, or a path; nil: its own name.
    package var kernel: String?
    /// A directory as /lib/modules/RELEASE is.
    package var modules: String?
    /// What takes the place of the filesystem's module; other filesystems' stay as they are.
    package var mutant: String?
    /// `KEY=VALUE` each, as `--set` takes them.
    package var set: [String] = []

    package init(name: String) { self.name = name }
}

/// Settings that runs have in common, under a name.
package struct MatrixOptions: Hashable, Sendable {
    package var name: String
    /// `KEY=VALUE` each, as `--set` takes them.
    package var set: [String] = []
    /// The filesystems that they are for; empty: each.
    package var filesystems: [FilesystemType] = []
    /// The configs that they are for, of the matrix's; empty: each.
    package var configs: [String] = []

    package init(name: String) { self.name = name }
}
