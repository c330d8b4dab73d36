import DaxModel
package import DaxOperations
import DaxSystem

/// Changes what must not matter: mount options, the files' own DAX attribute, the kernel's caches.
///
/// The race: whether a file is on DAX is one bit of its inode that every access looks at, and it
/// must not change while the inode is in use. Under dax=always neither a remount nor the file's
/// attribute (FS_XFLAG_DAX) has a say; statx(2) is asked after each. Under dax=inode the attribute
/// decides when the inode is read next, so that it is set again, and never cleared.
///
/// Kernel paths on this side: reconfigure_super, ext4_reconfigure, xfs_fs_reconfigure;
/// ext4_fileattr_set and ext4_dax_dontcache, xfs_fileattr_set and xfs_ioctl_setattr_prepare_dax;
/// drop_pagecache_sb (invalidate_mapping_pages, which meets DAX entries) and drop_slab. On the
/// other: IS_DAX in every read, write, mapping and fault, and inodes that are evicted.
package struct Administrator: Actor {
    let settings: ActorSettings
    private var isSilent = false

    package init(_ settings: ActorSettings) { self.settings = settings }

    package mutating func step(_ context: ActorContext) {
        let kinds: [OperationKind] = [.remount, .dropCaches, .flag]
        switch kinds[context.random.weighted([1, 1, 3])] {
        case let kind where context.isRefused(kind):
            Clock.sleep(nanoseconds: 1_000_000)
        case .remount:
            context.remount(flags(context))
        case .dropCaches:
            // The kernel's log is for what matters.
            context.drop(isSilent ? CacheDrop.allCases[context.random.below(3 as Int)] : .silence)
            isSilent = true
        default:
            context.flag(context.anyFile(), dax: attribute(&context.random))
        }
    }

    /// What the file's own DAX attribute is to be. Under dax=inode a file without it is on DAX until its
    /// inode is evicted, and then no more: it stays.
    func attribute(_ random: inout Random) -> Bool {
        settings.keepsDAXAttribute || random.chance(1, in: 2)
    }

    private func flags(_ context: ActorContext) -> RemountFlags {
        let all: [RemountFlags] = [.noAccessTime, .strictAccessTime, .lazyTime, .synchronous, []]
        return all[context.random.weighted([3, 3, 2, 1, 3])]
    }
}
