/// Which options of mkfs and mount a config may add, by filesystem.
///
/// It is a list of what is allowed: of an option that nobody has thought about nobody knows whether it
/// writes to another device, makes a filesystem that is not under test, or means something to what is
/// judged. `#` stands for a number, with a unit or without.
struct AllowedOptions {
    let type: FilesystemType
    /// The program, for messages.
    var tool: String { type == .ext4 ? "mke2fs" : "mkfs.xfs" }

    /// By the letter what may stand behind it.
    private var mkfs: [Character: [String]] {
        switch type {
        case .ext4:
            [
                "O": [
                    "fast_commit", "has_journal", "^has_journal", "bigalloc", "inline_data",
                    "quota",
                    "project", "metadata_csum", "^metadata_csum", "64bit", "^64bit", "flex_bg",
                    "^flex_bg", "dir_index", "^dir_index", "ea_inode", "extra_isize", "huge_file",
                    "large_dir", "metadata_csum_seed", "mmp", "orphan_file", "^resize_inode",
                    "sparse_super2", "stable_inodes", "uninit_bg",
                ],
                "C": ["#"], "I": ["#"], "J": ["size=#", "fast_commit_size=#"], "b": ["4096"],
            ]
        case .xfs:
            [
                "m": ["rmapbt=#", "finobt=#", "bigtime=#", "inobtcount=#"],
                "d": ["agcount=#", "agsize=#", "extszinherit=#", "cowextsize=#"],
                "i": ["size=#", "sparse=#", "nrext64=#", "maxpct=#"],
                "l": ["size=#", "su=#", "sunit=#", "lazy-count=#", "version=#"],
                "n": ["size=#"], "s": ["size=#"], "b": ["size=4096", "size=4k"],
            ]
        }
    }

    /// What may be said to mount(8) behind -o.
    private var mount: [String] {
        let common = ["lazytime", "sync", "dirsync"]
        switch type {
        case .ext4:
            return common + [
                "data=ordered", "data=writeback", "barrier", "nobarrier", "barrier=#", "commit=#",
                "journal_checksum", "journal_async_commit", "delalloc", "nodelalloc",
                "auto_da_alloc", "noauto_da_alloc", "dioread_lock", "dioread_nolock", "discard",
                "nodiscard", "i_version", "init_itable=#", "noinit_itable",
                "inode_readahead_blks=#",
                "max_batch_time=#", "min_batch_time=#", "mb_optimize_scan=#", "stripe=#", "quota",
                "noquota", "usrquota", "grpquota", "prjquota", "user_xattr", "acl",
                "block_validity", "noblock_validity", "errors=remount-ro", "errors=panic",
            ]
        case .xfs:
            return common + [
                "allocsize=#", "attr2", "discard", "nodiscard", "filestreams", "ikeep", "noikeep",
                "inode32", "inode64", "largeio", "nolargeio", "logbufs=#", "logbsize=#", "noalign",
                "swalloc", "wsync", "uquota", "gquota", "pquota", "uqnoenforce", "gqnoenforce",
                "pqnoenforce", "noquota", "usrquota", "grpquota", "prjquota",
            ]
        }
    }

    /// What is refused for a reason that a user may want to know.
    private static let reasons: [(option: String, reason: String)] = [
        ("-J device=", "an external journal would be another device"),
        ("-l logdev=", "an external log would be another device"),
        ("-r ", "a realtime device would be another device"),
        ("-O journal_dev", "it makes no filesystem but a journal for another"),
        ("-m reflink=", "fs.reflink says that"), ("-i exchange=", "fs.exchange says that"),
        ("-d su=", "the program says it, for extents that a PMD can map"),
        ("-d sw=", "the program says it, for extents that a PMD can map"),
        ("-d file", "the filesystem is made on the device under test"),
        ("-d name=", "the filesystem is made on the device under test"),
        ("-E ", "the program says it, for extents that a PMD can map, and discards nothing"),
        ("-O encrypt", "a file that is encrypted is never on DAX"),
        ("-O verity", "a file with verity is never on DAX"),
        ("-O ^extent", "without extents ext4 has no fallocate"),
        ("data=journal", "data that is journalled is never on DAX"),
        ("dax", "fs.dax says that"), ("nodax", "fs.dax says that"),
        ("logdev=", "an external log would be another device"),
        ("rtdev=", "a realtime device would be another device"),
        ("journal_path=", "an external journal would be another device"),
        ("journal_dev=", "an external journal would be another device"),
        ("ro", "nothing can be tortured that is read-only"),
        ("norecovery", "it mounts what is damaged"), ("noload", "it mounts what is damaged"),
        ("errors=continue", "what is damaged must not go on in silence"),
    ]

    /// Why one of the options of `fs.mkfs` is refused; nil if none is.
    func complaint(mkfs lines: [String], dax: DaxMode) -> String? {
        do throws(OptionMisfit) {
            let all = try MkfsOptions(lines)
            for option in all.options {
                for value in option.values { try check(option.letter, value, dax) }
            }
            let ours = all.options
            if type == .ext4, ours.contains(where: { $0.letter == "C" }),
                !ours.contains(where: { $0.letter == "O" && $0.values.contains("bigalloc") })
            {
                return "-C is the size of clusters, which \"-O bigalloc\" has"
            }
            return nil
        } catch { return error.message }
    }

    private func check(_ letter: Character, _ value: String, _ dax: DaxMode) throws(OptionMisfit) {
        let option = "-\(letter) \(value)"
        if letter == "b" {
            let size = value.split(separator: "=").last.map(String.init) ?? value
            if !["4096", "4k"].contains(size) {
                throw OptionMisfit(
                    "\(named(option)): DAX maps whole blocks, so that a block must be a page of 4096 "
                        + "bytes; the kernel refuses the mount else")
            }
        }
        if option == "-O inline_data" && dax == .always {
            throw OptionMisfit(
                "\(named(option)): the kernel refuses dax=always where files may lie in their inodes; "
                    + "fs.dax = \"inode\" goes with it")
        }
        let allowed = mkfs[letter] ?? []
        if allowed.contains(where: { AllowedOptions.fits(value, $0) }) { return }
        if let reason = AllowedOptions.reason(against: option) {
            throw OptionMisfit("\(named(option)): \(reason)")
        }
        let known =
            allowed.isEmpty
            ? "the letters are \(mkfs.keys.sorted().map { "-\($0)" }.joined(separator: ", "))"
            : "-\(letter) takes \(allowed.joined(separator: ", "))"
        throw OptionMisfit("\(named(option)) is none of \(tool)'s that a config may give; \(known)")
    }

    /// Why one of the options of `fs.mount-options` is refused; nil if none is.
    func complaint(mount options: [String]) -> String? {
        for option in options {
            if mount.contains(where: { AllowedOptions.fits(option, $0) }) { continue }
            if let reason = AllowedOptions.reason(against: option) {
                return "\(named(option)): \(reason)"
            }
            let near = nearest(to: option, among: mount).map { "; the nearest is \($0)" } ?? ""
            return "\(named(option)) is no mount option that a config may give to "
                + "\(type.rawValue)\(near) (docs/config.md lists them)"
        }
        if options.contains("journal_async_commit") && !options.contains("data=writeback") {
            return "\"journal_async_commit\" needs \"data=writeback\": the kernel refuses it where "
                + "data are ordered"
        }
        return nil
    }

    /// Whether an option is `pattern`, in which `#` stands for a number.
    private static func fits(_ option: String, _ pattern: String) -> Bool {
        guard pattern.hasSuffix("#") else { return option == pattern }
        let head = pattern.dropLast()
        guard option.hasPrefix(head) else { return false }
        var number = option.dropFirst(head.count)
        if let unit = number.last, "kKmMgGbs".contains(unit) { number.removeLast() }
        return !number.isEmpty && number.allSatisfy { ("0"..."9").contains($0) }
    }

    private static func reason(against option: String) -> String? {
        reasons.first { option == $0.option || isOpen($0.option) && option.hasPrefix($0.option) }?
            .reason
    }

    /// Whether more may stand behind it.
    private static func isOpen(_ option: String) -> Bool {
        option.hasSuffix("=") || option.hasSuffix(" ") || option == "dax" || option == "-O ^extent"
    }

    /// The words for docs/config.md.
    static func listing(_ type: FilesystemType) -> (mkfs: String, mount: String) {
        let all = AllowedOptions(type: type)
        let letters = all.mkfs.sorted { $0.key < $1.key }.map { letter, values in
            "`-\(letter)` \(values.joined(separator: ", "))"
        }
        return (letters.joined(separator: "; "), all.mount.joined(separator: ", "))
    }
}
