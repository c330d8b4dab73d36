package import DaxModel

/// A kernel that is broken on purpose: which call edges of which module are cut, and what of it a
/// sound oracle must see.
package struct Mutant: Hashable, Sendable {
    /// What it is asked for by: `ext4-stale-punch`.
    package var name: String
    /// The kind of bug.
    package var bug: Bug
    /// The filesystem it breaks, as `--fs` names it: `ext4-dax`, `xfs-dax`.
    package var filesystem: String
    /// The module to patch, without its suffix: the file kernel/fs/MODULE/MODULE.ko. Where the
    /// filesystem is built in, there is none, and the mutant cannot be made.
    package var module: String
    /// The edges to cut; they differ from kernel to kernel.
    package var recipes: [Recipe]
    /// What the broken kernel does wrong, in one sentence.
    package var harm: String
    /// The oracle's rules that can show it, the likeliest first; a run that breaks any one of them
    /// has seen the mutant. None for an equivalent mutant.
    package var rules: [Rule]
    /// What a run needs to reach the broken code, as `--set` takes it, where the default workload
    /// does not: `fs.reflink=true`.
    package var settings: [String] = []
    /// Why no run can tell it from a sound kernel; nil where one can. Such a mutant stays in the
    /// table, so that nobody takes a clean run on it for a hole that nobody knows of.
    package var equivalent: String?

    /// The kinds of bug.
    package enum Bug: String, CaseIterable, Sendable {
        /// Blocks are freed while mappings of them live on.
        case staleMapping = "stale-mapping"
        /// A page fault does not exclude the extent operation beside it.
        case unserialisedFault = "unserialised-fault"
        /// The extent operation does not exclude page faults: the other side of the same race.
        case unserialisedExtents = "unserialised-extents"
        /// A read or a write by system call does not exclude the extent operation beside it.
        case unserialisedIO = "unserialised-io"
        /// Blocks are freed while a device or a pipe still reads or writes their pages.
        case noLayoutBreak = "no-layout-break"
        /// The rest of a block is not zeroed when a part of it is cut off.
        case noTailZeroing = "no-tail-zeroing"
        /// A new block shows what its last owner left in it.
        case noBlockZeroing = "no-block-zeroing"
        /// What an extent operation was to free stays.
        case keptBlocks = "kept-blocks"
        /// The cache of extents names blocks that are free.
        case staleExtents = "stale-extents"
        /// Dirty pages are not flushed by fsync.
        case noWriteback = "no-writeback"
        /// fsync returns before the journal has what leads to the data.
        case noCommit = "no-commit"
        /// A store through MAP_SYNC comes before the metadata that leads to it.
        case noSyncFault = "no-sync-fault"
        /// A file's new size does not reach the disk.
        case lostSize = "lost-size"
        /// Files that share blocks see each other's writes, or not their own.
        case brokenSharing = "broken-sharing"
        /// A wait for I/O in flight is left out.
        case noDirectWait = "no-direct-wait"
    }

    /// The edges of one range of kernels.
    package struct Recipe: Hashable, Sendable {
        /// The versions whose modules have these edges.
        package var kernels: ClosedRange<KernelVersion>
        /// All of them are cut: the layers of a kernel stand in for each other.
        package var edges: [Edge]
    }

    /// The edges to cut on a kernel; nil where nobody has looked which they are.
    package func edges(on kernel: KernelVersion) -> [Edge]? {
        recipes.first { $0.kernels.contains(kernel) }?.edges
    }

    /// The kernels it is known for, as ranges: "6.1", "6.12-7.3".
    package var kernels: [String] {
        recipes.map { recipe in
            let (first, last) = (recipe.kernels.lowerBound, recipe.kernels.upperBound)
            return first == last ? "\(first)" : "\(first)-\(last)"
        }
    }

    /// The mutant of that name.
    package static func named(_ name: String) -> Mutant? { all.first { $0.name == name } }
}
