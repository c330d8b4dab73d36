import DaxModel
package import DaxOperations
import DaxSystem

/// Stores stamps through a mapping that it never unmaps, and some by io_uring writes.
///
/// Stores are made by words, around the cache, by vectors and by REP MOVSB, and some are followed by
/// what makes them durable. Every third actor's mapping is MAP_SYNC: each first store to a page
/// waits there for the filesystem's journal.
///
/// The race: a store goes to whatever page the page table names at that instant. If a punch or a
/// truncate has freed the block and the mapping still names it, the store is lost to this file
/// and lands in the block's next owner.
///
/// Kernel paths on this side: do_user_addr_fault, dax_iomap_fault (dax_iomap_pte_fault,
/// dax_iomap_pmd_fault), dax_insert_entry, vmf_insert_mixed_mkwrite; for a store to a page mapped
/// read-only, the filesystem's page_mkwrite and pfn_mkwrite. On the other: dax_layout_busy_page,
/// unmap_mapping_pages, truncate_inode_pages_range, dax_delete_mapping_entry, then the extent
/// removal, all under the mapping's invalidate_lock (XFS: its MMAPLOCK).
package struct Writer: Actor {
    let settings: ActorSettings

    package init(_ settings: ActorSettings) { self.settings = settings }

    package mutating func step(_ context: ActorContext) {
        let file = context.anyFile()
        switch context.random.weighted([40, 14, 14, 16, 2, 2, 3, 3, 1]) {
        case 0:
            // A few words: what races is the page, not the number of bytes.
            let word = context.words(context.range(settings, in: file)).lowerBound
            let room = file.limit / 8 - word
            context.store(file, word: word, count: Int(min(room, context.random.within(1...8))))
        case 1:
            store(context, file, by: .word)
        case 2:
            store(context, file, by: .nontemporal)
        case 3:
            let words = context.words(context.range(settings, in: file))
            let count = min(UInt64(words.count), 8)
            context.load(file, word: words.lowerBound, count: Int(count))
        case 4:
            context.fsync(file)
        case 5:
            context.msync(file, words: context.words(context.range(settings, in: file)))
        case 6:
            storeDurably(context, file)
        case 7:
            store(context, file, by: context.random.chance(1, in: 2) ? .vector : .vector16)
        default:
            store(context, file, by: .string)
        }
        if context.random.chance(1, in: 12) { write(context, file) }
    }

    private func store(_ context: ActorContext, _ file: FileUnderTest, by width: Mapping.Width) {
        let words = context.words(context.range(settings, in: file))
        context.store(file, word: words.lowerBound, count: words.count, by: width)
    }

    /// A few words, and then what makes them durable: enough with MAP_SYNC is a flush, else it
    /// takes msync or fsync; or nothing, as of a program that crashes.
    private func storeDurably(_ context: ActorContext, _ file: FileUnderTest) {
        let word = context.words(context.range(settings, in: file)).lowerBound
        let count = min(file.limit / 8 - word, context.random.within(1...64))
        context.store(file, word: word, count: Int(count))
        switch context.random.weighted([5, 1, 1, 1]) {
        case 0: context.persist(file, word: word, count: Int(count))
        case 1: context.msync(file, words: word..<word + count)
        case 2: context.fsync(file)
        default: break
        }
    }

    /// One to four writes at once, side by side or linked.
    private func write(_ context: ActorContext, _ file: FileUnderTest) {
        let count = Int(context.random.within(1...4))
        let pieces = (0..<count).map { _ in context.words(context.range(settings, in: file)) }
        var room = context.capacity
        let fitting = pieces.filter { piece in
            room -= piece.count
            return room >= 0
        }
        context.write(file, fitting, linked: context.random.chance(1, in: 2))
    }
}
