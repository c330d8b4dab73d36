import DaxModel

/// Edges that must go together, or are counted.
///
/// Two layers unmap: the wait for busy pages (break_layouts), which unmaps before it looks, and
/// the truncation of the page cache. One alone cut shows nothing. 6.1 has zero range, collapse and
/// insert inlined in ext4_fallocate; from 6.12 on that waits once for all modes, punch included.
extension Mutant {
    static let sinceSixSixteen = KernelVersion(6, 16)...KernelVersion(7, 3)

    static let stalePunch = [
        on(
            v(6, 1), Edge("ext4_punch_hole", "ext4_break_layouts"),
            Edge("ext4_punch_hole", "truncate_pagecache_range")),
        on(
            sinceSixTwelve, Edge("ext4_fallocate", "ext4_break_layouts"),
            Edge("ext4_truncate_page_cache_block_range", "truncate_pagecache_range")),
    ]

    static let staleTruncate = [
        on(
            upToSixTwelve, Edge("ext4_setattr", "ext4_break_layouts"),
            Edge("ext4_setattr", "truncate_pagecache")),
        on(
            sinceSixSixteen, Edge("ext4_setattr", "dax_break_layout"),
            Edge("ext4_setattr", "truncate_pagecache")),
    ]

    static let staleZero = [
        on(
            v(6, 1), Edge("ext4_fallocate", "ext4_break_layouts", only: [3], of: 3),
            Edge("ext4_fallocate", "truncate_pagecache_range")),
        on(
            sinceSixTwelve, Edge("ext4_fallocate", "ext4_break_layouts"),
            Edge("ext4_fallocate", "ext4_truncate_page_cache_block_range")),
    ]

    static let staleCollapse = [
        on(
            v(6, 1), Edge("ext4_fallocate", "ext4_break_layouts", only: [2], of: 3),
            Edge("ext4_fallocate", "truncate_pagecache", only: [2], of: 2)),
        on(
            v(6, 12), Edge("ext4_fallocate", "ext4_break_layouts"),
            Edge("ext4_fallocate", "truncate_pagecache", only: [2], of: 2)),
        on(
            v(7, 3), Edge("ext4_fallocate", "ext4_break_layouts"),
            Edge("ext4_fallocate", "truncate_pagecache", only: [1], of: 2)),
    ]

    static let staleInsert = [
        on(
            v(6, 1), Edge("ext4_fallocate", "ext4_break_layouts", only: [1], of: 3),
            Edge("ext4_fallocate", "truncate_pagecache", only: [1], of: 2)),
        on(
            v(6, 12), Edge("ext4_fallocate", "ext4_break_layouts"),
            Edge("ext4_fallocate", "truncate_pagecache", only: [1], of: 2)),
        on(
            v(7, 3), Edge("ext4_fallocate", "ext4_break_layouts"),
            Edge("ext4_fallocate", "truncate_pagecache", only: [2], of: 2)),
    ]

    // The wait for busy pages goes with the lock: it insists that the lock is held, and drops it
    // while it waits. What unmaps is the truncation of the page cache then.

    /// Not on 7.3: there ext4_setattr itself looks whether the lock is held, and fails if not.
    static let unserialisedTruncate = [
        on(
            v(6, 1), Edge("ext4_setattr", "ext4_break_layouts"),
            Edge("ext4_setattr", "down_write", only: [1], of: 3),
            Edge("ext4_setattr", "up_write", only: [2, 4, 5, 6, 7, 8], of: 8)),
        on(
            v(6, 12), Edge("ext4_setattr", "ext4_break_layouts"),
            Edge("ext4_setattr", "down_write", only: [1], of: 3),
            Edge("ext4_setattr", "up_write", only: [2, 4, 5, 6, 7, 8, 9], of: 9)),
    ]

    static let unserialisedPunch = [
        on(
            v(6, 1), Edge("ext4_punch_hole", "ext4_break_layouts"),
            Edge("ext4_punch_hole", "down_write", only: [2], of: 3),
            Edge("ext4_punch_hole", "up_write", only: [2], of: 4)),
        on(
            v(6, 12), Edge("ext4_fallocate", "ext4_break_layouts"),
            Edge("ext4_fallocate", "down_write", only: [2], of: 5),
            Edge("ext4_fallocate", "up_write", only: [2], of: 7)),
        on(
            v(7, 3), Edge("ext4_fallocate", "ext4_break_layouts"),
            Edge("ext4_fallocate", "down_write", only: [2], of: 5),
            Edge("ext4_fallocate", "up_write", only: [3], of: 7)),
    ]

    /// The list of orphans is kept under the inode's lock: two unlocked writers corrupt it, and the
    /// kernel stops in list_add. It matters after a crash only, and goes, too.
    static let unserialisedWrite = [
        on(
            sinceSixOne, Edge("ext4_file_write_iter", "down_write_trylock", .succeeds),
            Edge("ext4_file_write_iter", "down_read_trylock", .succeeds),
            Edge("ext4_file_write_iter", "down_write"), Edge("ext4_file_write_iter", "down_read"),
            Edge("ext4_file_write_iter", "up_write"), Edge("ext4_file_write_iter", "up_read"),
            Edge("ext4_file_write_iter", "ext4_orphan_add"))
    ]
}
