/// Edges that must go together. As in ext4, the wait for busy pages (xfs_break_layouts) unmaps the
/// whole file before it looks, and the truncation of the page cache unmaps once more.
extension Mutant {
    static let xfsStalePunch = [
        on(
            v(6, 1), Edge("xfs_file_fallocate", "xfs_break_layouts"),
            Edge("xfs_file_fallocate", "xfs_flush_unmap_range")),
        on(
            v(6, 12), Edge("xfs_file_fallocate", "xfs_break_layouts"),
            Edge("xfs_free_file_space", "xfs_flush_unmap_range")),
        on(
            v(7, 3), Edge("__xfs_file_fallocate", "xfs_break_layouts"),
            Edge("xfs_free_file_space", "xfs_flush_unmap_range")),
    ]

    /// truncate_setsize() stores the size, too; without that the file would not shrink at all,
    /// which is another bug. `inode->i_size` lies at byte 0x50 in all of these kernels.
    static let xfsStaleTruncate = [
        on(
            upToSixTwelve, Edge("xfs_vn_setattr", "xfs_break_layouts"),
            Edge("xfs_setattr_size", "truncate_setsize", .stores(at: 0x50))),
        on(
            v(7, 3), Edge("xfs_vn_setattr", "xfs_break_layouts"),
            Edge("xfs_vn_setattr_size", "truncate_setsize", .stores(at: 0x50))),
    ]

    static let xfsStaleMove = [
        on(
            upToSixTwelve, Edge("xfs_file_fallocate", "xfs_break_layouts"),
            Edge("xfs_prepare_shift", "xfs_flush_unmap_range")),
        on(
            v(7, 3), Edge("__xfs_file_fallocate", "xfs_break_layouts"),
            Edge("xfs_prepare_shift", "xfs_flush_unmap_range")),
    ]

    static let xfsStaleClone = [
        on(
            v(6, 12), Edge("xfs_reflink_remap_prep", "xfs_flush_unmap_range"),
            Edge("xfs_ilock2_io_mmap", "dax_layout_busy_page"),
            Edge("xfs_ilock2_io_mmap", "xfs_break_dax_layouts")),
        on(
            v(7, 3), Edge("xfs_reflink_remap_prep", "xfs_flush_unmap_range"),
            Edge("xfs_ilock2_io_mmap", "dax_break_layout")),
    ]

    static let xfsStaleExchange = [
        on(
            v(6, 12), Edge("xfs_exchrange_prep", "xfs_flush_unmap_range"),
            Edge("xfs_ilock2_io_mmap", "dax_layout_busy_page"),
            Edge("xfs_ilock2_io_mmap", "xfs_break_dax_layouts")),
        on(
            v(7, 3), Edge("xfs_exchrange_prep", "xfs_flush_unmap_range"),
            Edge("xfs_ilock2_io_mmap", "dax_break_layout")),
    ]

    /// In 6.1 a read fault waits for the same lock a moment earlier, to look for neighbours in the page
    /// cache, and so meets the extent operation that it waited for only if the next one is quick.
    static let xfsUnserialisedFault = [
        on(
            v(6, 1), Edge("__xfs_filemap_fault", "xfs_ilock"),
            Edge("__xfs_filemap_fault", "xfs_iunlock"),
            Edge("xfs_filemap_map_pages", "xfs_ilock"),
            Edge("xfs_filemap_map_pages", "xfs_iunlock")),
        on(
            v(6, 12), Edge("__xfs_filemap_fault", "xfs_ilock"),
            Edge("__xfs_filemap_fault", "xfs_iunlock")),
        on(
            v(7, 3), Edge("__xfs_write_fault", "xfs_ilock"),
            Edge("__xfs_write_fault", "xfs_iunlock"),
            Edge("xfs_dax_read_fault", "xfs_ilock"), Edge("xfs_dax_read_fault", "xfs_iunlock")),
    ]

    static let xfsUnserialisedLookup = [
        on(
            v(6, 1), Edge("__xfs_filemap_fault", "xfs_ilock"),
            Edge("__xfs_filemap_fault", "xfs_iunlock"))
    ]

    // The wait for busy pages goes with the lock, which it drops while it waits: what unmaps is the
    // truncation of the page cache then. Later kernels assert that locks are held, and would
    // complain before anything is wrong.

    static let xfsUnserialisedTruncate = [
        on(
            v(6, 1), Edge("xfs_vn_setattr", "xfs_break_layouts"),
            Edge("xfs_vn_setattr", "xfs_ilock"), Edge("xfs_vn_setattr", "xfs_iunlock")),
        on(
            v(6, 12), Edge("xfs_vn_setattr", "xfs_break_layouts"),
            Edge("xfs_vn_setattr", "xfs_ilock"), Edge("xfs_vn_setattr", "xfs_iunlock"),
            Edge("xfs_setattr_size", "xfs_assert_ilocked"),
            Edge("xfs_zero_range", "xfs_assert_ilocked")),
        on(
            v(7, 3), Edge("xfs_vn_setattr", "xfs_break_layouts"),
            Edge("xfs_vn_setattr", "xfs_ilock"), Edge("xfs_vn_setattr", "xfs_iunlock"),
            Edge("xfs_vn_setattr_size", "xfs_assert_ilocked"),
            Edge("xfs_zero_range", "xfs_assert_ilocked")),
    ]

    /// One call takes both the inode's lock and the mapping's.
    static let xfsUnserialisedPunch = [
        on(
            v(6, 1), Edge("xfs_file_fallocate", "xfs_break_layouts"),
            Edge("xfs_file_fallocate", "xfs_ilock"), Edge("xfs_file_fallocate", "xfs_iunlock")),
        on(
            v(6, 12), Edge("xfs_file_fallocate", "xfs_break_layouts"),
            Edge("xfs_file_fallocate", "xfs_ilock"), Edge("xfs_file_fallocate", "xfs_iunlock"),
            Edge("xfs_setattr_size", "xfs_assert_ilocked"),
            Edge("xfs_zero_range", "xfs_assert_ilocked"),
            Edge("xfs_can_free_eofblocks", "xfs_assert_ilocked"),
            Edge("xfs_collapse_file_space", "xfs_assert_ilocked"),
            Edge("xfs_insert_file_space", "xfs_assert_ilocked")),
        on(
            v(7, 3), Edge("__xfs_file_fallocate", "xfs_break_layouts"),
            Edge("__xfs_file_fallocate", "xfs_ilock"),
            Edge("__xfs_file_fallocate", "xfs_iunlock"),
            Edge("xfs_vn_setattr_size", "xfs_assert_ilocked"),
            Edge("xfs_zero_range", "xfs_assert_ilocked"),
            Edge("xfs_can_free_eofblocks", "xfs_assert_ilocked"),
            Edge("xfs_collapse_file_space", "xfs_assert_ilocked"),
            Edge("xfs_insert_file_space", "xfs_assert_ilocked")),
    ]

    static let xfsUnserialisedWrite = [
        on(
            v(6, 1), Edge("xfs_file_dax_write", "xfs_ilock_nowait", .succeeds),
            Edge("xfs_file_dax_write", "xfs_ilock"), Edge("xfs_file_dax_write", "xfs_iunlock")),
        on(
            sinceSixTwelve, Edge("xfs_file_dax_write", "xfs_ilock_nowait", .succeeds),
            Edge("xfs_file_dax_write", "xfs_ilock"), Edge("xfs_file_dax_write", "xfs_iunlock"),
            Edge("xfs_file_write_checks", "xfs_break_layouts"),
            Edge("xfs_zero_range", "xfs_assert_ilocked")),
    ]
}
