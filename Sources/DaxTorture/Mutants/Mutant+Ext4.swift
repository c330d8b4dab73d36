import DaxModel

extension Mutant {
    /// The mutants of ext4. The filesystem's own locks are told apart by what is locked:
    /// `inode->i_mapping` (offset 0x30) + 0x18 is the mapping's invalidate_lock, `inode` - 0x28
    /// ext4's i_data_sem.
    static let ext4: [Mutant] = [
        ext4(
            "stale-punch", .staleMapping, stalePunch,
            harm: "A punch frees blocks that stay mapped: loads see the old bytes, and stores "
                + "reach blocks that belong to others.",
            rules: [.freshness, .provenance, .physical, .audit, .bystanders, .kernel]),
        ext4(
            "stale-truncate", .staleMapping, staleTruncate,
            harm: "A shrink frees blocks that stay mapped: no SIGBUS beyond the end of file, and "
                + "stores reach blocks that belong to others.",
            rules: [
                .sigbus, .regrowth, .freshness, .provenance, .physical, .audit, .bystanders,
                .kernel,
            ]),
        ext4(
            "stale-mapping", .staleMapping, merged(stalePunch, staleTruncate),
            harm: "Neither punch nor shrink takes the pages out of the mappings.",
            rules: [
                .sigbus, .freshness, .regrowth, .provenance, .physical, .audit, .bystanders,
                .kernel,
            ]),
        ext4(
            "stale-zero", .staleMapping, staleZero,
            harm: "Zero range makes blocks unwritten that stay mapped: loads see the old bytes, "
                + "and stores are lost to reads, which find zeros.",
            rules: [.freshness, .audit, .physical, .kernel], settings: ["fs.file-size=4MiB"]),
        ext4(
            "stale-collapse", .staleMapping, staleCollapse,
            harm: "A collapse moves blocks that stay mapped where they were: loads and stores "
                + "reach the bytes of another place of the file, or of another file.",
            rules: [.provenance, .freshness, .physical, .audit, .bystanders, .kernel],
            settings: ["actor.move.role=mover"]),
        ext4(
            "stale-insert", .staleMapping, staleInsert,
            harm: "An insert moves blocks that stay mapped where they were: loads and stores "
                + "reach the bytes of another place of the file.",
            rules: [.provenance, .freshness, .physical, .audit, .bystanders, .kernel],
            settings: ["actor.move.role=mover"]),
        ext4(
            "unserialised-fault", .unserialisedFault,
            [
                on(
                    sinceSixOne, Edge("ext4_dax_huge_fault", "down_read"),
                    Edge("ext4_dax_huge_fault", "up_read"))
            ],
            harm: "A fault between the unmapping and the freeing of a block maps it again.",
            rules: [.freshness, .provenance, .sigbus, .regrowth, .physical, .bystanders, .kernel]),
        ext4(
            "unserialised-truncate", .unserialisedExtents, unserialisedTruncate,
            harm: "A shrink does not take the lock that faults take: a fault between the "
                + "unmapping and the freeing of a block maps it again.",
            rules: [.kernel, .sigbus, .regrowth, .provenance, .freshness, .physical, .bystanders],
            settings: [
                "vm.deterministic=true", "fs.file-size=4MiB", "actor.truncate.count=2",
                "actor.fault.count=3",
            ]),
        ext4(
            "unserialised-punch", .unserialisedExtents, unserialisedPunch,
            harm: "A punch does not take the lock that faults take: a fault between the unmapping "
                + "and the freeing of a block maps it again.",
            rules: [.freshness, .provenance, .physical, .audit, .bystanders, .kernel]),
        ext4(
            "unserialised-read", .unserialisedIO,
            [
                on(
                    sinceSixOne, Edge("ext4_file_read_iter", "down_read_trylock", .succeeds),
                    Edge("ext4_file_read_iter", "down_read"),
                    Edge("ext4_file_read_iter", "up_read"))
            ],
            harm: "A read does not take the inode's lock: it copies from a block that a punch or a "
                + "shrink frees meanwhile and somebody else fills.",
            rules: [.provenance, .freshness, .size, .future, .goingBack]),
        ext4(
            "unserialised-write", .unserialisedIO, unserialisedWrite,
            harm: "A write does not take the inode's lock: it copies into a block that a punch or "
                + "a shrink frees meanwhile, and sets sizes beside others.",
            rules: [.size, .regrowth, .provenance, .freshness, .audit, .bystanders, .kernel]),
        ext4(
            "truncate-no-break", .noLayoutBreak,
            [
                on(upToSixTwelve, Edge("ext4_setattr", "ext4_break_layouts")),
                on(sinceSixSixteen, Edge("ext4_setattr", "dax_break_layout")),
            ],
            harm: "A shrink frees the blocks of pages that are pinned for I/O: what reads them "
                + "gets another file's bytes, and what writes them destroys those.",
            rules: [.provenance, .bystanders, .kernel]),
        ext4(
            "punch-no-break", .noLayoutBreak,
            [
                on(v(6, 1), Edge("ext4_punch_hole", "ext4_break_layouts")),
                on(sinceSixTwelve, Edge("ext4_fallocate", "ext4_break_layouts")),
            ],
            harm: "A punch frees the blocks of pages that are pinned for I/O: what reads them "
                + "gets another file's bytes, and what writes them destroys those.",
            rules: [.provenance, .bystanders, .kernel]),
        ext4(
            "no-tail-zeroing", .noTailZeroing,
            [
                on(upToSixTwelve, Edge("ext4_block_zero_page_range", "dax_zero_range")),
                on(v(7, 3), Edge("ext4_block_zero_range", "dax_zero_range")),
            ],
            harm: "What a shrink or a punch cut off within a block is still there afterwards.",
            rules: [.regrowth, .freshness, .audit]),
        ext4(
            "no-edge-zeroing", .noTailZeroing,
            [
                on(
                    sinceSixOne, Edge("ext4_punch_hole", "ext4_zero_partial_blocks"),
                    Edge("ext4_fallocate", "ext4_zero_partial_blocks"))
            ],
            harm: "What a punch or a zero range cut off within its first and last block is still "
                + "there afterwards.",
            rules: [.freshness, .audit], settings: ["fs.file-size=4MiB"]),
        ext4(
            "no-block-zeroing", .noBlockZeroing,
            [
                on(upToSixTwelve, Edge("ext4_map_blocks", "ext4_issue_zeroout")),
                on(v(7, 3), Edge("ext4_map_create_blocks", "ext4_issue_zeroout")),
            ],
            harm: "A block that a fault or a write allocates is not zeroed: what was punched or "
                + "shrunk away is back, and deleted files leak.",
            rules: [.freshness, .regrowth, .provenance, .audit]),
        ext4(
            "punch-keeps-blocks", .keptBlocks,
            [on(sinceSixOne, Edge("ext4_punch_hole", "ext4_ext_remove_space"))],
            harm: "A punch removes no extent: the bytes are there afterwards, or come back with "
                + "the next write beside them.",
            rules: [.freshness, .audit, .bystanders]),
        ext4(
            "truncate-keeps-blocks", .keptBlocks,
            [
                on(
                    sinceSixOne, Edge("ext4_setattr", "ext4_orphan_add"),
                    Edge("ext4_setattr", "ext4_truncate"))
            ],
            harm: "A shrink changes the size alone: when the file grows again its old bytes are "
                + "back.",
            rules: [.regrowth, .audit, .bystanders]),
        ext4(
            "stale-extents", .staleExtents,
            [
                on(v(6, 1), Edge("ext4_punch_hole", "ext4_es_remove_extent")),
                on(
                    sinceSixTwelve, Edge("ext4_punch_hole", "ext4_es_remove_extent"),
                    Edge("ext4_punch_hole", "ext4_es_insert_extent")),
            ],
            harm: "After a punch the extent status tree still names the freed blocks: faults, "
                + "reads and writes go on using them.",
            rules: [.freshness, .provenance, .audit, .bystanders, .kernel]),
        ext4(
            "no-writeback", .noWriteback,
            [on(sinceSixOne, Edge("ext4_dax_writepages", "dax_writeback_mapping_range"))],
            harm: "fsync and msync return without having flushed the stores of mappings.",
            rules: [.durability]),
        ext4(
            "no-commit", .noCommit,
            [on(upToSixTwelve, Edge("ext4_sync_file", "ext4_fc_commit"))],
            harm: "fsync and msync flush the data and do not wait for the journal: blocks and size "
                + "are gone after a power failure.",
            rules: [.crash], settings: ["crash.cuts=4", "vm.pmem=64MiB", "fs.file-size=6MiB"]),
        ext4(
            "no-sync-fault", .noSyncFault,
            [on(sinceSixOne, Edge("ext4_set_iomap", "jbd2_transaction_committed", .succeeds))],
            harm: "A store through MAP_SYNC goes to a block whose allocation is not committed, and "
                + "is gone after a power failure.",
            rules: [.durability]),
        ext4(
            "size-not-marked", .lostSize,
            [on(sinceSixOne, Edge("ext4_setattr", "__ext4_mark_inode_dirty"))],
            harm: "A truncate does not put the inode into its transaction.",
            rules: [],
            equivalent: "setattr_copy() is followed by __mark_inode_dirty(), and that is "
                + "ext4_dirty_inode(), which does the same once more"),
        ext4(
            "no-direct-wait", .noDirectWait,
            [
                on(
                    v(6, 1), Edge("ext4_setattr", "inode_dio_wait"),
                    Edge("ext4_punch_hole", "inode_dio_wait"),
                    Edge("ext4_fallocate", "inode_dio_wait")),
                on(
                    sinceSixTwelve, Edge("ext4_setattr", "inode_dio_wait"),
                    Edge("ext4_fallocate", "inode_dio_wait")),
            ],
            harm: "Extent operations do not wait for direct I/O in flight.",
            rules: [],
            equivalent: "DAX has none: reads and writes, O_DIRECT too, are done by dax_iomap_rw() "
                + "under the inode's lock, and i_dio_count stays 0"),
    ]

    private static func ext4(
        _ name: String, _ bug: Bug, _ recipes: [Recipe], harm: String, rules: [Rule],
        settings: [String] = [], equivalent: String? = nil
    ) -> Mutant {
        Mutant(
            name: "ext4-\(name)", bug: bug, filesystem: "ext4-dax", module: "ext4",
            recipes: recipes, harm: harm, rules: rules, settings: settings, equivalent: equivalent)
    }
}
