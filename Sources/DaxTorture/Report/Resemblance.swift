internal import DaxModel

/// What a run's violations look like: the classes of mutants (docs/prove.md) that showed the same.
///
/// It is a hint to whoever looks for the cause, and no more: what a class is not listed with has not been
/// seen of it, which does not mean that it cannot be.
extension Report {
    /// By class the signatures, whole or up to a bar, that runs of its mutants showed on Debian's 6.1, and
    /// no run of another class that was measured did.
    private static let seen: [(bug: String, signatures: [String])] = [
        (
            "stale-mapping",
            [
                "\(Rule.freshness) | an old stamp | load | punch | all of the page",
                "\(Rule.sigbus) | no SIGBUS",
                "\(Rule.regrowth) | an old stamp | load | truncate | all of the page",
                "\(Rule.kernel) | warning in insert_pfn",
                "\(Rule.physical) | a block where no block is written",
            ]
        ),
        (
            "no-tail-zeroing",
            [
                "\(Rule.freshness) | an old stamp |  | punch | part of the page",
                "\(Rule.freshness) | an old stamp | load | punch | part of the page",
                "\(Rule.freshness) | an old stamp | read | punch | part of the page",
                "\(Rule.freshness) | an old stamp | read(2) | PUNCH_HOLE | a file of its own",
                "\(Rule.freshness) | an old stamp | read(2) | ZERO_RANGE/KEEP_SIZE | a file of its own",
                "\(Rule.regrowth) | an old stamp | load | truncate | part of the page",
                "\(Rule.regrowth) | an old stamp | read | truncate | part of the page",
            ]
        ),
        (
            "unserialised-io",
            [
                "\(Rule.kernel) | warning in ext4_handle_inode_extension",
                "\(Rule.kernel) | warning in ext4_orphan_del",
            ]
        ),
        (
            "kept-blocks",
            [
                "\(Rule.regrowth) | an old stamp |  | truncate | all of the page",
                "\(Rule.bystanders) | N bytes of space",
            ]
        ),
        ("no-writeback", ["\(Rule.durability) | no writeback"]),
    ]

    /// The classes with the most violations of a signature of theirs; empty where there is none.
    package var resembled: [String] {
        let counts = Report.seen.map { bug, known in
            let count = signatures.reduce(0 as UInt64) { sum, one in
                let isOne = known.contains {
                    KnownIssue(name: "", signature: $0).covers(one.signature)
                }
                return sum + (isOne ? one.count : 0)
            }
            return (bug: bug, count: count)
        }
        guard let most = counts.map(\.count).max(), most > 0 else { return [] }
        return counts.filter { $0.count == most }.map(\.bug)
    }
}
