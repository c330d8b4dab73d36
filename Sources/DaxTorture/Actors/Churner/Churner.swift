import DaxModel
package import DaxOperations
import DaxSystem

/// Makes small files beside those under test, maps them, stores into them, renames, links, unlinks
/// and empties them, and goes on storing after the last name is gone.
///
/// The race: blocks that others freed are given to these files at once, and those that they free
/// to others. A store through a mapping that should be gone lands in one of them, or one of theirs
/// lands elsewhere. Nobody else touches them: each word must be the one that was stored last.
///
/// Kernel paths on this side: ext4_create and xfs_create, fallocate, dax_iomap_fault on new blocks
/// (zeroed, or unwritten and converted); ext4_rename2 and xfs_rename; ext4_unlink and
/// ext4_orphan_add, xfs_remove and xfs_iunlink; the last munmap's iput: ext4_evict_inode,
/// xfs_inactive and inodegc; O_TRUNC under a mapping: do_open's handle_truncate. On the other: the
/// block allocators, and every punch, truncate and fault of the files under test.
package struct Churner: Actor {
    let settings: ActorSettings
    private let own: OwnFiles
    private var files: [OwnFile] = []
    /// The most files at a time.
    private static let most = 8

    init(_ settings: ActorSettings, _ context: ActorContext) {
        self.settings = settings
        own = OwnFiles(context)
    }

    /// What its files can take at most, in bytes, where none is larger than `size`: as many again may
    /// have lost their last name and not have given their blocks back, and XFS allocates 2 MiB.
    package static func space(of size: UInt64) -> UInt64 {
        4 * UInt64(most) * (size + 2 * UInt64(Page.pmdBytes))
    }

    package mutating func step(_ context: ActorContext) {
        guard !files.isEmpty else { return make(context) }
        let index = context.random.below(files.count)
        let file = files[index]
        switch context.random.weighted([40, 30, 10, 6, 3, 3, 3, 3, 2, 1]) {
        case 0:
            let words = part(context, of: file)
            own.store(
                file, word: words.lowerBound, count: words.count,
                nontemporal: context.random.chance(1, in: 4))
        case 1:
            let words = part(context, of: file)
            own.load(file, word: words.lowerBound, count: words.count)
        case 2:
            let words = part(context, of: file)
            own.read(file, word: words.lowerBound, count: words.count)
        case 3:
            if files.count < Churner.most { make(context) } else { close(context, index) }
        case 4:
            rename(context, file)
        case 5:
            own.link(file)
        case 6:
            own.unlink(file)
        case 7:
            if !own.empty(file) { close(context, index) }
        case 8:
            own.sync(file, mapped: context.random.chance(1, in: 2))
        default:
            own.flag(file, dax: context.random.chance(1, in: 2))
        }
    }

    private mutating func make(_ context: ActorContext) {
        let size = UInt64(Page.bytes)
        let most = UInt64(context.capacity / Page.words)
        let pages = min(most, (context.length(settings) + size - 1) / size)
        if let file = own.make(pages: pages, allocated: context.random.chance(1, in: 2)) {
            files.append(file)
            // Whatever was in its blocks is none of its business.
            own.load(file, word: 0, count: file.words)
        }
    }

    /// Plainly, not over another, over another, or in exchange with it.
    private func rename(_ context: ActorContext, _ file: OwnFile) {
        let other = files[context.random.below(files.count)]
        switch context.random.weighted([2, 1, 2, 2]) {
        case 0: own.rename(file, over: nil, .keep)
        case 1 where other !== file: own.rename(file, over: other, .keep)
        case 2 where other !== file: own.rename(file, over: other, .replace)
        case 3 where other !== file: own.rename(file, over: other, .exchange)
        default: own.rename(file, over: nil, .replace)
        }
    }

    /// Looks at all of it for the last time, and lets it go, its names first.
    private mutating func close(_ context: ActorContext, _ index: Int) {
        let file = files.remove(at: index)
        while let last = file.paths.last {
            own.unlink(file)
            if file.paths.last == last { break }
        }
        own.load(file, word: 0, count: file.words)
    }

    private func part(_ context: ActorContext, of file: OwnFile) -> Range<Int> {
        let first = context.random.below(file.words)
        let count = min(file.words - first, Int(context.length(settings)) / Page.wordBytes)
        return first..<first + count
    }
}
