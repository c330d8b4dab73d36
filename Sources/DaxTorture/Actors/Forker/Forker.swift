import DaxModel
import DaxOperations
import DaxSystem

/// Forks processes that go on loading and storing through the mappings that they inherit.
///
/// The race: fork(2) copies page-table entries of the mapping while a punch or a truncate goes from
/// mapping to mapping to take them away. It must come to the child's after the parent's, or an
/// entry that was copied just before the parent's was taken stays in the child. And an entry that is
/// made read-only by writeback must be made so in both.
///
/// Kernel paths on this side: dup_mmap, which puts the child's mapping behind the parent's in the
/// file's tree (vma_interval_tree_insert_after) and only then copies (copy_page_range,
/// copy_pte_range, copy_huge_pmd); exit_mmap. No invalidate_lock is held. On the other:
/// unmap_mapping_range's walk through that tree under i_mmap_lock, pfn_mkclean_range of
/// writeback, and the faults of both processes.
struct Forker: Actor {
    let settings: ActorSettings
    /// What its children do.
    let script: ChildScript

    init(_ settings: ActorSettings) throws(SystemError) {
        self.settings = settings
        script = try ChildScript()
    }

    mutating func step(_ context: ActorContext) {
        let file = context.anyFile()
        // Few pages and many accesses: each is found before, while and after it is cut.
        let words = (0..<context.random.within(1...4)).map { _ in
            min(context.words(context.range(settings, in: file)).lowerBound, file.limit / 8 - 1)
        }
        // The process that wants to know what others see of it.
        if context.random.chance(1, in: 2) {
            context.store(file, word: words[0], count: 1)
        } else {
            context.load(file, word: words[0], count: 1)
        }
        // What is to be copied must be there: the first accesses are the parent's.
        let accesses = (0..<ChildScript.most).map { index in
            (
                words[index < words.count ? index : context.random.below(words.count)],
                context.random.chance(1, in: 3)
            )
        }
        fork(file, first: words.count, accesses, context)
    }
}
