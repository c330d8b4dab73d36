import DaxModel

extension Mutant {
    /// The mutants of XFS; where they need shared extents, for 6.12 and later: 6.1 lacks fixes to
    /// copy-on-write on DAX, and is broken there as it is. A find on such a mutant is to be held
    /// against a run of the kernel as it is, with the same settings: `prove` has no such control.
    static let xfs: [Mutant] = [
        xfs(
            "stale-punch", .staleMapping, xfsStalePunch,
            harm: "A punch frees blocks that stay mapped: loads see the old bytes, and stores "
                + "reach blocks that belong to others.",
            rules: [.freshness, .provenance, .physical, .audit, .bystanders, .kernel]),
        xfs(
            "stale-truncate", .staleMapping, xfsStaleTruncate,
            harm: "A shrink frees blocks that stay mapped: no SIGBUS beyond the end of file, and "
                + "stores reach blocks that belong to others.",
            rules: [
                .sigbus, .regrowth, .freshness, .provenance, .physical, .audit, .bystanders,
                .kernel,
            ]),
        xfs(
            "stale-mapping", .staleMapping, merged(xfsStalePunch, xfsStaleTruncate),
            harm: "Neither punch nor shrink takes the pages out of the mappings.",
            rules: [
                .sigbus, .freshness, .regrowth, .provenance, .physical, .audit, .bystanders,
                .kernel,
            ]),
        xfs(
            "stale-move", .staleMapping, xfsStaleMove,
            harm: "Collapse and insert move blocks that stay mapped where they were: loads and "
                + "stores reach the bytes of another place of the file.",
            rules: [.provenance, .freshness, .physical, .audit, .bystanders, .kernel],
            settings: ["actor.move.role=mover"]),
        xfs(
            "stale-clone", .staleMapping, xfsStaleClone,
            harm: "A clone leaves both files mapped as they were: loads see the old bytes, and "
                + "stores reach shared blocks.",
            rules: [.freshness, .provenance, .physical, .audit, .bystanders, .kernel],
            settings: sharing),
        xfs(
            "stale-exchange", .staleMapping, xfsStaleExchange,
            harm: "An exchange leaves both ranges mapped as they were: loads and stores reach "
                + "blocks that are the other file's by now.",
            rules: [.freshness, .provenance, .physical, .audit, .bystanders, .kernel],
            settings: ["fs.exchange=true", "fs.files=2", "actor.clone.role=cloner"]),
        xfs(
            "unserialised-fault", .unserialisedFault, xfsUnserialisedFault,
            harm: "A fault between the unmapping and the freeing of a block maps it again.",
            rules: [.freshness, .provenance, .sigbus, .regrowth, .physical, .bystanders, .kernel]),
        xfs(
            "unserialised-lookup", .unserialisedFault, xfsUnserialisedLookup,
            harm:
                "A fault takes the lock to look for neighbours, not to look its block up: it maps "
                + "a block that is freed meanwhile.",
            rules: [.freshness, .provenance, .sigbus, .regrowth, .physical, .bystanders, .kernel]),
        xfs(
            "unserialised-truncate", .unserialisedExtents, xfsUnserialisedTruncate,
            harm: "A shrink does not take the lock that faults take: a fault between the "
                + "unmapping and the freeing of a block maps it again.",
            rules: [.sigbus, .regrowth, .provenance, .freshness, .physical, .bystanders, .kernel]),
        xfs(
            "unserialised-punch", .unserialisedExtents, xfsUnserialisedPunch,
            harm: "fallocate takes neither the lock that faults take nor the one that reads and "
                + "writes take: either goes on with a block that a punch frees.",
            rules: [.freshness, .provenance, .physical, .audit, .bystanders, .kernel]),
        xfs(
            "unserialised-read", .unserialisedIO,
            [
                on(
                    sinceSixOne, Edge("xfs_file_dax_read", "xfs_ilock_nowait", .succeeds),
                    Edge("xfs_file_dax_read", "xfs_ilock"),
                    Edge("xfs_file_dax_read", "xfs_iunlock"))
            ],
            harm: "A read does not take the inode's lock: it copies from a block that a punch or a "
                + "shrink frees meanwhile and somebody else fills.",
            rules: [.provenance, .freshness, .size, .future, .goingBack]),
        xfs(
            "unserialised-write", .unserialisedIO, xfsUnserialisedWrite,
            harm: "A write does not take the inode's lock: it copies into a block that a punch or "
                + "a shrink frees meanwhile, and sets sizes beside others.",
            rules: [.freshness, .size, .regrowth, .provenance, .audit, .bystanders, .kernel],
            settings: [
                "vm.deterministic=true", "fs.file-size=4MiB", "actor.write.max=1MiB",
                "actor.write.count=4",
            ]),
        xfs(
            "truncate-no-break", .noLayoutBreak,
            [on(sinceSixOne, Edge("xfs_vn_setattr", "xfs_break_layouts"))],
            harm: "A shrink frees the blocks of pages that are pinned for I/O: what reads them "
                + "gets another file's bytes, and what writes them destroys those.",
            rules: [.provenance, .bystanders, .kernel]),
        xfs(
            "punch-no-break", .noLayoutBreak,
            [
                on(upToSixTwelve, Edge("xfs_file_fallocate", "xfs_break_layouts")),
                on(v(7, 3), Edge("__xfs_file_fallocate", "xfs_break_layouts")),
            ],
            harm: "fallocate frees or moves the blocks of pages that are pinned for I/O: what "
                + "reads them gets another file's bytes, and what writes them destroys those.",
            rules: [.provenance, .bystanders, .kernel]),
        xfs(
            "no-tail-zeroing", .noTailZeroing,
            [
                on(
                    sinceSixOne, Edge("xfs_zero_range", "dax_zero_range"),
                    Edge("xfs_truncate_page", "dax_truncate_page"))
            ],
            harm: "What a shrink or a punch cut off within a block is still there afterwards.",
            rules: [.regrowth, .freshness, .audit]),
        xfs(
            "no-edge-zeroing", .noTailZeroing,
            [on(sinceSixOne, Edge("xfs_free_file_space", "xfs_zero_range"))],
            harm: "What a punch or a zero range cut off within its first and last block is still "
                + "there afterwards.",
            rules: [.freshness, .audit]),
        xfs(
            "no-growth-zeroing", .noTailZeroing,
            [
                on(
                    upToSixTwelve, Edge("xfs_setattr_size", "xfs_zero_range"),
                    Edge("xfs_file_write_checks", "xfs_zero_range")),
                on(
                    v(7, 3), Edge("xfs_vn_setattr_size", "xfs_zero_range"),
                    Edge("xfs_file_write_checks", "xfs_zero_range")),
            ],
            harm: "What was stored beyond the end of file, in its last page, is there when the "
                + "file grows.",
            rules: [],
            equivalent: "only stores beyond the end come back, and the oracle lets them: ext4 "
                + "before 6.12.5 does not zero them either"),
        xfs(
            "no-block-zeroing", .noBlockZeroing,
            [
                on(
                    sinceSixOne, Edge("xfs_bmapi_allocate", "xfs_zero_extent"),
                    Edge("xfs_bmapi_convert_unwritten", "xfs_zero_extent"))
            ],
            harm: "A block that a fault or a write allocates is not zeroed: what was punched or "
                + "shrunk away is back, and deleted files leak.",
            rules: [.freshness, .regrowth, .provenance, .audit]),
        xfs(
            "punch-keeps-blocks", .keptBlocks,
            [
                on(upToSixTwelve, Edge("xfs_file_fallocate", "xfs_free_file_space")),
                on(v(7, 3), Edge("__xfs_file_fallocate", "xfs_free_file_space")),
            ],
            harm: "A punch and a zero range do nothing, and say that they did.",
            rules: [.freshness, .audit]),
        xfs(
            "truncate-keeps-blocks", .keptBlocks,
            [
                on(upToSixTwelve, Edge("xfs_setattr_size", "xfs_itruncate_extents_flags")),
                on(v(7, 3), Edge("xfs_vn_setattr_size", "xfs_itruncate_extents_flags")),
            ],
            harm: "A shrink leaves its blocks beyond the end of file.",
            rules: [.regrowth, .audit, .bystanders]),
        xfs(
            "no-writeback", .noWriteback,
            [on(sinceSixOne, Edge("xfs_dax_writepages", "dax_writeback_mapping_range"))],
            harm: "fsync and msync return without having flushed the stores of mappings.",
            rules: [.durability]),
        xfs(
            "no-log-force", .noCommit,
            [on(sinceSixOne, Edge("xfs_file_fsync", "xfs_log_force_seq"))],
            harm: "fsync and msync flush the data and do not wait for the log: blocks and size are "
                + "gone after a power failure.",
            rules: [.crash], settings: ["crash.cuts=4", "vm.pmem=300MiB", "fs.file-size=6MiB"]),
        xfs(
            "size-not-logged", .lostSize,
            [on(sinceSixOne, Edge("xfs_file_dax_write", "xfs_setfilesize"))],
            harm: "A write beyond the end of file grows the file in memory, not on disk: after a "
                + "remount it is short.",
            rules: [.audit, .size, .bystanders]),
        xfs(
            "no-copy-on-write", .brokenSharing,
            [
                on(
                    sinceSixTwelve,
                    Edge("xfs_direct_write_iomap_begin", "xfs_reflink_allocate_cow"))
            ],
            harm: "Stores and writes go to the shared block itself: the other file changes, too.",
            rules: [.provenance, .freshness, .audit, .bystanders, .kernel], settings: sharing),
        xfs(
            "no-end-of-copy", .brokenSharing,
            [
                on(v(6, 12), Edge("xfs_dax_write_iomap_end", "xfs_reflink_end_cow")),
                on(v(7, 3), Edge("xfs_dax_write_iomap_next", "xfs_reflink_end_cow")),
            ],
            harm: "The copy of a shared block never takes its place: what was written to it is "
                + "lost to the next who looks.",
            rules: [.freshness, .audit, .physical, .kernel], settings: sharing),
        xfs(
            "blind-dedupe", .brokenSharing,
            [on(sinceSixTwelve, Edge("xfs_reflink_remap_prep", "dax_remap_file_range_prep"))],
            harm: "A dedupe does not compare: bytes that differ are replaced by the other file's.",
            rules: [.provenance, .freshness, .audit], settings: sharing),
        xfs(
            "no-unshare", .brokenSharing,
            [on(sinceSixTwelve, Edge("xfs_reflink_unshare", "dax_file_unshare"))],
            harm: "An unshare leaves the blocks shared.",
            rules: [], settings: sharing,
            equivalent: "the next write still copies: what is broken is the promise that it finds "
                + "space, and no rule is about ENOSPC on a filesystem that is not full"),
        xfs(
            "no-direct-wait", .noDirectWait,
            [
                on(
                    upToSixTwelve, Edge("xfs_setattr_size", "inode_dio_wait"),
                    Edge("xfs_file_fallocate", "inode_dio_wait")),
                on(
                    v(7, 3), Edge("xfs_vn_setattr_size", "inode_dio_wait"),
                    Edge("__xfs_file_fallocate", "inode_dio_wait")),
            ],
            harm: "Extent operations do not wait for direct I/O in flight.",
            rules: [],
            equivalent: "DAX has none: reads and writes, O_DIRECT too, are done by dax_iomap_rw() "
                + "under the inode's lock, and i_dio_count stays 0"),
    ]

    /// What shared extents need; configs/reflink.toml has it all.
    private static let sharing = [
        "fs.reflink=true", "fs.files=2", "actor.clone.role=cloner", "actor.xfer.role=io",
        "actor.xfer.count=0",
    ]

    private static func xfs(
        _ name: String, _ bug: Bug, _ recipes: [Recipe], harm: String, rules: [Rule],
        settings: [String] = [], equivalent: String? = nil
    ) -> Mutant {
        Mutant(
            name: "xfs-\(name)", bug: bug, filesystem: "xfs-dax", module: "xfs",
            recipes: recipes, harm: harm, rules: rules, settings: settings, equivalent: equivalent)
    }
}
