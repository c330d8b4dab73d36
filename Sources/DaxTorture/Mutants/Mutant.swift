/// A kernel that is broken on purpose: which call edges of which module are cut, and what of it a
/// sound oracle must see.
public struct Mutant: Hashable, Sendable {
    /// What it is asked for by: `ext4-stale-punch`.
    public var name: String
    /// The kind of bug.
    public var bug: Bug
    /// The filesystem it breaks, as `--fs` names it: `ext4-dax`, `xfs-dax`.
    public var filesystem: String
    /// The module to patch, without its suffix: the file kernel/fs/MODULE/MODULE.ko. Where the
    /// filesystem is built in, there is none, and the mutant cannot be made.
    public var module: String
    /// The edges to cut; they differ from kernel to kernel.
    public var recipes: [Recipe]
    /// What the broken kernel does wrong, in one sentence.
    public var harm: String
    /// The oracle's rules that can show it, the likeliest first; a run that breaks any one of them
    /// has seen the mutant.
    public var rules: [String]

    /// The kinds of bug, each of which a real kernel had once.
    public enum Bug: String, CaseIterable, Sendable {
        /// Blocks are freed while mappings of them live on.
        case staleMapping = "stale-mapping"
        /// A page fault does not exclude the extent operation beside it.
        case unserialisedFault = "unserialised-fault"
        /// The rest of a block is not zeroed when a part of it is cut off.
        case noTailZeroing = "no-tail-zeroing"
        /// Dirty pages are not flushed by fsync.
        case noWriteback = "no-writeback"
    }

    /// The edges of one range of kernels.
    public struct Recipe: Hashable, Sendable {
        /// The versions whose modules have these edges.
        public var kernels: ClosedRange<KernelVersion>
        /// All of them are cut: the layers of a kernel stand in for each other.
        public var edges: [Edge]
    }

    /// The edges to cut on a kernel; nil where nobody has looked which they are.
    public func edges(on kernel: KernelVersion) -> [Edge]? {
        recipes.first { $0.kernels.contains(kernel) }?.edges
    }

    /// The kernels it is known for, as ranges: "6.1", "6.12-7.3".
    public var kernels: [String] {
        recipes.map { recipe in
            let (first, last) = (recipe.kernels.lowerBound, recipe.kernels.upperBound)
            return first == last ? "\(first)" : "\(first)-\(last)"
        }
    }

    /// The mutant of that name.
    public static func named(_ name: String) -> Mutant? { all.first { $0.name == name } }
}
