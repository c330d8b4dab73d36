import DaxSystem
import Testing

@testable import DaxConfig

/// What may be added to mkfs and to mount.
@Suite struct OptionTests {
    @Test func optionsOfOneLetterAreOne() throws {
        let options = try resolve(
            "[fs]\nmkfs = [\"-O fast_commit\", \"-I 512\", \"-O quota,project\"]"
        ).fs.mkfsOptions
        #expect(options.arguments == ["-O", "fast_commit,quota,project", "-I", "512"])
        // What sets the same thing takes its place.
        var ours = MkfsOptions()
        ours.add("d", ["su=2m", "extszinherit=512"])
        ours.add("d", ["extszinherit=16", "agcount=2"])
        #expect(ours.arguments == ["-d", "su=2m,extszinherit=16,agcount=2"])
    }

    @Test func theCommandLineTakesThemToo() throws {
        let fs = try resolve(
            "", set: ["fs.mkfs=-O ^has_journal;-I 256", "fs.mount-options=nodelalloc;commit=1"]
        ).fs
        #expect(fs.mkfs == ["-O ^has_journal", "-I 256"])
        #expect(fs.mountOptions == ["nodelalloc", "commit=1"])
    }

    @Test(arguments: [
        (
            "mkfs = [\"-b 1024\"]",
            "\"-b 1024\": DAX maps whole blocks, so that a block must be a page"
        ),
        ("mkfs = [\"-O journal_dev\"]", "it makes no filesystem but a journal"),
        ("mkfs = [\"-J device=/dev/sda\"]", "an external journal would be another device"),
        ("mkfs = [\"-E nodiscard\"]", "the program says it"),
        ("mkfs = [\"-F\"]", "\"-F\" is not one option of mkfs's"),
        ("mkfs = [\"/dev/sda\"]", "\"/dev/sda\" is not one option of mkfs's"),
        ("mkfs = [\"-O bigalloc\", \"/dev/sda 1\"]", "is not one option of mkfs's"),
        ("mkfs = [\"-O quota /dev/sda\"]", "is not one option of mkfs's"),
        (
            "mkfs = [\"-F yes\"]",
            "\"-F yes\" is none of mke2fs's that a config may give; the letters"
        ),
        (
            "mkfs = [\"-O quata\"]",
            "\"-O quata\" is none of mke2fs's that a config may give; -O takes"
        ),
        ("mkfs = [\"-I many\"]", "\"-I many\" is none of mke2fs's"),
        ("mkfs = [\"-C 65536\"]", "-C is the size of clusters"),
        ("mkfs = [\"-O inline_data\"]", "the kernel refuses dax=always"),
        ("mount-options = [\"dax=never\"]", "fs.mount-options: \"dax=never\": fs.dax says that"),
        ("mount-options = [\"data=journal\"]", "data that is journalled is never on DAX"),
        ("mount-options = [\"journal_async_commit\"]", "needs \"data=writeback\""),
        ("mount-options = [\"data=writebak\"]", "the nearest is data=writeback"),
        (
            "mount-options = [\"quota,remount\"]",
            "is no mount option that a config may give to ext4-dax"
        ),
        (
            "mkfs = [\"-I 512\"]\nmount = \"/mnt\"",
            "a filesystem that was there before stays as it is"
        ),
        ("type = \"xfs-dax\"\nmkfs = [\"-b size=1024\"]", "DAX maps whole blocks"),
        ("type = \"xfs-dax\"\nmkfs = [\"-l logdev=/dev/sda\"]", "an external log would be"),
        ("type = \"xfs-dax\"\nmkfs = [\"-r rtdev=/dev/sda\"]", "a realtime device would be"),
        ("type = \"xfs-dax\"\nmkfs = [\"-d name=/dev/sda\"]", "made on the device under test"),
        ("type = \"xfs-dax\"\nmkfs = [\"-m reflink=1\"]", "fs.reflink says that"),
        ("type = \"xfs-dax\"\nmount-options = [\"logdev=/dev/sda\"]", "an external log would be"),
    ])
    func whatIsNotAllowedIsRefused(_ keys: String, _ reason: String) {
        let told = complaint("[fs]\n\(keys)")
        #expect(told.hasPrefix("t.toml:") && told.contains(reason), "\(told)")
    }

    @Test(arguments: [
        "mkfs = [\"-b 4096\", \"-O fast_commit\"]", "mkfs = [\"-O bigalloc\", \"-C 64k\"]",
        "mkfs = [\"-O inline_data\"]\ndax = \"inode\"",
        "mount-options = [\"usrquota\", \"lazytime\"]",
        "type = \"xfs-dax\"\nmkfs = [\"-m rmapbt=1\", \"-d extszinherit=16\", \"-s size=4096\"]",
        "type = \"xfs-dax\"\nmount-options = [\"uquota\", \"pquota\", \"logbsize=256k\"]",
    ])
    func whatIsAllowedIsTaken(_ keys: String) {
        #expect(complaint("[fs]\n\(keys)") == "nothing wrong")
    }

    /// docs/config.md lists what is allowed.
    @Test func theDocsListThem() throws {
        let file = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let docs = try Files.text("/\(file)/docs/config.md")
        for type in FilesystemType.allCases {
            let listing = AllowedOptions.listing(type)
            #expect(
                docs.contains("| \(type.rawValue) | \(listing.mkfs) | \(listing.mount) |\n"),
                "\(type.rawValue): \(listing)")
        }
    }
}
