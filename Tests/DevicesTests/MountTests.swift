import DaxDevices
import DaxSystem
import Testing

@Suite struct MountTests {
    @Test func readsALine() throws {
        let mount = try #require(
            Mount(
                "36 35 259:0 / /mnt/a\\040b rw,noatime shared:1 master:2 - ext4 /dev/pmem0 "
                    + "rw,dax=always,errors=continue"))
        #expect(mount.device == DeviceNumber(major: 259, minor: 0))
        #expect(mount.directory == "/mnt/a b")
        #expect(mount.type == "ext4")
        #expect(mount.source == "/dev/pmem0")
        #expect(mount.daxOption == "dax=always")
    }

    @Test(
        arguments: [
            ("36 35 8:1 / / rw - ext4 /dev/sda1 rw", nil),
            ("36 35 8:1 / / rw - xfs /dev/pmem0 rw,dax=never", nil),
            ("36 35 8:1 / / rw - xfs /dev/pmem0 rw,daxen", nil),
            ("36 35 8:1 / / rw - xfs /dev/pmem0 rw,dax=inode", "dax=inode"),
            ("36 35 8:1 / / rw - ext2 /dev/pmem0 rw,dax", "dax"),
            ("36 35 0:40 / /v rw - virtiofs tag rw,dax=always", "dax=always"),
        ] as [(Substring, String?)])
    func findsTheDAXOption(_ line: Substring, _ option: String?) throws {
        let mount = try #require(Mount(line))
        #expect(mount.daxOption == option)
    }

    @Test(
        arguments: [
            "", "36", "36 35 8:1 / / rw shared:1 ext4 /dev/sda1 rw",
            "36 35 8 / / rw - ext4 /dev/sda1 rw",
            "36 35 8:1 / / rw - ext4", "a b c d e f g h i j",
        ] as [Substring])
    func refusesWhatIsNoLine(_ line: Substring) { #expect(Mount(line) == nil) }

    @Test func readsThisMachine() throws {
        let mounts = try Mount.all()
        #expect(mounts.contains { $0.directory == "/" })
    }
}
