extension Mutant {
    /// Every mutant there is. The edges were read off Debian's modules of 6.1, 6.12 and 7.3
    /// (ext4's of the generic flavour; the cloud flavour has it built in).
    public static let all: [Mutant] = [
        Mutant(
            name: "ext4-stale-punch", bug: .staleMapping, filesystem: "ext4-dax", module: "ext4",
            recipes: ext4StalePunch,
            harm: "A punch frees blocks that stay mapped: loads see the old bytes, and stores "
                + "reach blocks that belong to others.",
            rules: ["R3", "R1", "R12", "R8", "R9", "R10"]),
        Mutant(
            name: "ext4-stale-truncate", bug: .staleMapping, filesystem: "ext4-dax",
            module: "ext4", recipes: ext4StaleTruncate,
            harm: "A shrink frees blocks that stay mapped: no SIGBUS beyond the end of file, and "
                + "stores reach blocks that belong to others.",
            rules: ["R5", "R7", "R1", "R12", "R8", "R9", "R10"]),
        Mutant(
            name: "ext4-stale-mapping", bug: .staleMapping, filesystem: "ext4-dax",
            module: "ext4", recipes: merged(ext4StalePunch, ext4StaleTruncate),
            harm: "Neither punch nor shrink takes the pages out of the mappings.",
            rules: ["R5", "R3", "R7", "R1", "R12", "R8", "R9", "R10"]),
        Mutant(
            name: "ext4-unserialised-fault", bug: .unserialisedFault, filesystem: "ext4-dax",
            module: "ext4",
            recipes: [
                Recipe(
                    kernels: sinceSixOne,
                    edges: [
                        Edge("ext4_dax_huge_fault", "down_read"),
                        Edge("ext4_dax_huge_fault", "up_read"),
                    ])
            ],
            harm: "A fault between the unmapping and the freeing of a block maps it again.",
            rules: ["R3", "R1", "R5", "R7", "R12", "R9", "R10"]),
        Mutant(
            name: "ext4-no-tail-zeroing", bug: .noTailZeroing, filesystem: "ext4-dax",
            module: "ext4",
            recipes: [
                Recipe(
                    kernels: v(6, 1)...v(6, 12),
                    edges: [Edge("ext4_block_zero_page_range", "dax_zero_range")]),
                Recipe(
                    kernels: v(7, 3)...v(7, 3),
                    edges: [Edge("ext4_block_zero_range", "dax_zero_range")]),
            ],
            harm: "What a shrink or a punch cut off within a block is still there afterwards.",
            rules: ["R7", "R3", "R8"]),
        Mutant(
            name: "ext4-no-writeback", bug: .noWriteback, filesystem: "ext4-dax", module: "ext4",
            recipes: [
                Recipe(
                    kernels: sinceSixOne,
                    edges: [Edge("ext4_dax_writepages", "dax_writeback_mapping_range")])
            ],
            harm: "fsync and msync return without having flushed the stores of mappings.",
            rules: ["R11"]),

        Mutant(
            name: "xfs-stale-punch", bug: .staleMapping, filesystem: "xfs-dax", module: "xfs",
            recipes: xfsStalePunch,
            harm: "A punch frees blocks that stay mapped: loads see the old bytes, and stores "
                + "reach blocks that belong to others.",
            rules: ["R3", "R1", "R12", "R8", "R9", "R10"]),
        Mutant(
            name: "xfs-stale-truncate", bug: .staleMapping, filesystem: "xfs-dax", module: "xfs",
            recipes: xfsStaleTruncate,
            harm: "A shrink frees blocks that stay mapped: no SIGBUS beyond the end of file, and "
                + "stores reach blocks that belong to others.",
            rules: ["R5", "R7", "R1", "R12", "R8", "R9", "R10"]),
        Mutant(
            name: "xfs-stale-mapping", bug: .staleMapping, filesystem: "xfs-dax", module: "xfs",
            recipes: merged(xfsStalePunch, xfsStaleTruncate),
            harm: "Neither punch nor shrink takes the pages out of the mappings.",
            rules: ["R5", "R3", "R7", "R1", "R12", "R8", "R9", "R10"]),
        Mutant(
            name: "xfs-unserialised-fault", bug: .unserialisedFault, filesystem: "xfs-dax",
            module: "xfs",
            recipes: [
                Recipe(
                    kernels: v(6, 1)...v(6, 12),
                    edges: [
                        Edge("__xfs_filemap_fault", "xfs_ilock"),
                        Edge("__xfs_filemap_fault", "xfs_iunlock"),
                    ]),
                Recipe(
                    kernels: v(7, 3)...v(7, 3),
                    edges: [
                        Edge("__xfs_write_fault", "xfs_ilock"),
                        Edge("__xfs_write_fault", "xfs_iunlock"),
                        Edge("xfs_dax_read_fault", "xfs_ilock"),
                        Edge("xfs_dax_read_fault", "xfs_iunlock"),
                    ]),
            ],
            harm: "A fault between the unmapping and the freeing of a block maps it again.",
            rules: ["R3", "R1", "R5", "R7", "R12", "R9", "R10"]),
        Mutant(
            name: "xfs-no-tail-zeroing", bug: .noTailZeroing, filesystem: "xfs-dax",
            module: "xfs",
            recipes: [
                Recipe(
                    kernels: sinceSixOne,
                    edges: [
                        Edge("xfs_zero_range", "dax_zero_range"),
                        Edge("xfs_truncate_page", "dax_truncate_page"),
                    ])
            ],
            harm: "What a shrink or a punch cut off within a block is still there afterwards.",
            rules: ["R7", "R3", "R8"]),
        Mutant(
            name: "xfs-no-writeback", bug: .noWriteback, filesystem: "xfs-dax", module: "xfs",
            recipes: [
                Recipe(
                    kernels: sinceSixOne,
                    edges: [Edge("xfs_dax_writepages", "dax_writeback_mapping_range")])
            ],
            harm: "fsync and msync return without having flushed the stores of mappings.",
            rules: ["R11"]),
    ]

    private static func v(_ major: Int, _ minor: Int) -> KernelVersion {
        KernelVersion(major, minor)
    }

    private static let sinceSixOne = v(6, 1)...v(7, 3)

    // Two layers unmap: the wait for busy pages (break_layouts), which unmaps before it looks, and
    // the truncation of the page cache. One alone cut shows nothing.

    private static let ext4StalePunch = [
        Recipe(
            kernels: v(6, 1)...v(6, 1),
            edges: [
                Edge("ext4_punch_hole", "ext4_break_layouts"),
                Edge("ext4_punch_hole", "truncate_pagecache_range"),
            ]),
        Recipe(
            kernels: v(6, 12)...v(7, 3),
            edges: [
                Edge("ext4_fallocate", "ext4_break_layouts"),
                Edge("ext4_truncate_page_cache_block_range", "truncate_pagecache_range"),
            ]),
    ]

    private static let ext4StaleTruncate = [
        Recipe(
            kernels: v(6, 1)...v(6, 12),
            edges: [
                Edge("ext4_setattr", "ext4_break_layouts"),
                Edge("ext4_setattr", "truncate_pagecache"),
            ]),
        Recipe(
            kernels: v(6, 16)...v(7, 3),
            edges: [
                Edge("ext4_setattr", "dax_break_layout"),
                Edge("ext4_setattr", "truncate_pagecache"),
            ]),
    ]

    private static let xfsStalePunch = [
        Recipe(
            kernels: v(6, 1)...v(6, 1),
            edges: [
                Edge("xfs_file_fallocate", "xfs_break_layouts"),
                Edge("xfs_file_fallocate", "xfs_flush_unmap_range"),
            ]),
        Recipe(
            kernels: v(6, 12)...v(6, 12),
            edges: [
                Edge("xfs_file_fallocate", "xfs_break_layouts"),
                Edge("xfs_free_file_space", "xfs_flush_unmap_range"),
            ]),
        Recipe(
            kernels: v(7, 3)...v(7, 3),
            edges: [
                Edge("__xfs_file_fallocate", "xfs_break_layouts"),
                Edge("xfs_free_file_space", "xfs_flush_unmap_range"),
            ]),
    ]

    /// truncate_setsize() stores the size, too; without that the file would not shrink at all,
    /// which is another bug. `inode->i_size` lies at byte 0x50 in all of these kernels.
    private static let xfsStaleTruncate = [
        Recipe(
            kernels: v(6, 1)...v(6, 12),
            edges: [
                Edge("xfs_vn_setattr", "xfs_break_layouts"),
                Edge("xfs_setattr_size", "truncate_setsize", .stores(at: 0x50)),
            ]),
        Recipe(
            kernels: v(7, 3)...v(7, 3),
            edges: [
                Edge("xfs_vn_setattr", "xfs_break_layouts"),
                Edge("xfs_vn_setattr_size", "truncate_setsize", .stores(at: 0x50)),
            ]),
    ]

    /// The edges of both, on the kernels that both know.
    private static func merged(_ a: [Recipe], _ b: [Recipe]) -> [Recipe] {
        a.flatMap { first in
            b.compactMap { second in
                let lower = max(first.kernels.lowerBound, second.kernels.lowerBound)
                let upper = min(first.kernels.upperBound, second.kernels.upperBound)
                guard lower <= upper else { return nil }
                return Recipe(kernels: lower...upper, edges: first.edges + second.edges)
            }
        }
    }
}
