import DaxSystem
import Glibc
import Testing

@testable import DaxDevices

@Suite struct DeviceCheckTests {
    @Test func takesABlankDevice() throws {
        let machine = try MadeMachine()
        #expect(machine.refusal(format: false) == nil)
        #expect(machine.check().state(of: machine.device) == "free, looks blank at both ends")
    }

    @Test func refusesWhatIsNoDevice() throws {
        let machine = try MadeMachine()
        let check = DeviceCheck(roots: machine.roots)
        #expect(
            check.complaint("/no/such", format: true) == "device /no/such: absent")
        #expect(
            check.complaint(machine.device, format: true)
                == "device \(machine.device): not a block device")
    }

    /// In use: refused whatever the user says, and before anything is read.
    private func refusedAlways(_ machine: borrowing MadeMachine, _ reason: String) {
        for format in [false, true] {
            #expect(
                machine.refusal(format: format) == "device \(machine.device): \(reason)")
        }
    }

    @Test func refusesAMountedDeviceByItsNumber() throws {
        let machine = try MadeMachine()
        try machine.put(
            "/proc/self/mountinfo", "36 35 259:0 / /mnt rw - ext4 /dev/root rw,dax=always\n")
        refusedAlways(machine, "mounted on /mnt")
    }

    @Test func refusesAMountedDeviceByItsName() throws {
        let machine = try MadeMachine()
        // btrfs shows an anonymous number.
        try machine.put(
            "/proc/self/mountinfo",
            "36 35 0:44 / /mnt rw - btrfs \(machine.root)/dev/../dev/pmem0 rw\n")
        refusedAlways(machine, "mounted on /mnt")
    }

    @Test func refusesAPartitionedDevice() throws {
        let machine = try MadeMachine()
        for name in ["pmem0p1", "pmem0p2"] {
            try Files.makeDirectory("\(machine.root)/sys/dev/block/259:0/\(name)")
            try machine.put("/sys/dev/block/259:0/\(name)/partition", "1\n")
        }
        refusedAlways(machine, "partitioned (pmem0p1, pmem0p2)")
    }

    @Test func refusesAHeldDevice() throws {
        let machine = try MadeMachine()
        try Files.makeDirectory("\(machine.root)/sys/dev/block/259:0/holders/dm-0")
        refusedAlways(machine, "held by dm-0")
    }

    @Test func refusesSwap() throws {
        let machine = try MadeMachine()
        try machine.put(
            "/proc/swaps", "Filename Type Size Used Priority\n\(machine.device) partition 1 0 -2\n")
        refusedAlways(machine, "used as swap")
    }

    @Test func refusesABusyDevice() throws {
        let machine = try MadeMachine()
        let check = machine.check { (path) throws(SystemError) in
            throw SystemError("open", code: EBUSY, target: path)
        }
        #expect(
            check.complaint(machine.device, format: true)
                == "device \(machine.device): opened exclusively by someone else")
    }

    @Test func refusesWhatItCannotRead() throws {
        let machine = try MadeMachine()
        let check = machine.check { (path) throws(SystemError) in
            throw SystemError("open", code: EACCES, target: path)
        }
        #expect(
            check.complaint(machine.device, format: true)
                == "device \(machine.device): not readable "
                + "(open \(machine.device): Permission denied (EACCES))")
        try Files.remove("\(machine.root)/proc/self/mountinfo")
        let blind = machine.refusal(format: true)
        #expect(blind?.contains("mountinfo: No such file") == true)
    }

    private static let ext4 = [(1080, [0x53, 0xef]), (1120, [0xc2, 0x02])] as [(Int, [UInt8])]

    @Test(
        arguments: [
            ("ext2", [(1080, [0x53, 0xef])]),
            ("ext3", [(1080, [0x53, 0xef]), (1116, [0x04])]),
            ("ext4", [(1080, [0x53, 0xef]), (1116, [0x3c]), (1120, [0xc2, 0x02])]),
            ("xfs", [(0, Array("XFSB".utf8))]),
            ("btrfs", [(0x10040, Array("_BHRfS_M".utf8))]),
            ("LUKS", [(0, [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe])]),
            (
                "an LVM physical volume",
                [(0x200, Array("LABELONE".utf8)), (0x218, Array("LVM2 001".utf8))]
            ),
            ("swap", [(4086, Array("SWAPSPACE2".utf8))]),
            ("swap", [(65526, Array("SWAPSPACE2".utf8))]),
            ("vfat", [(82, Array("FAT32   ".utf8)), (510, [0x55, 0xaa])]),
            ("a RAID member", [(4096, [0xfc, 0x4e, 0x2b, 0xa9])]),
            ("a RAID member", [((4 << 20) - 8192, [0xfc, 0x4e, 0x2b, 0xa9])]),
            ("a GPT partition table", [(512, Array("EFI PART".utf8))]),
            ("a partition table", [(450, [0x83]), (510, [0x55, 0xaa])]),
            ("unknown data", [(0xfffff, [1])]),
            ("unknown data", [((4 << 20) - 1, [1])]),
            ("unknown data", [(510, [0x55, 0xaa])]),
        ] as [(String, [(Int, [UInt8])])])
    func refusesWhatHoldsSomething(_ name: String, _ marks: [(Int, [UInt8])]) throws {
        let machine = try MadeMachine()
        for (offset, bytes) in marks { try machine.sign(offset, bytes) }
        let before = try Files.read(machine.device)
        #expect(
            machine.refusal(format: false)
                == "device \(machine.device): holds \(name); --format says that it may be destroyed"
        )
        #expect(machine.refusal(format: true) == nil)
        #expect(try Files.read(machine.device) == before)
    }

    /// A magic number cut short by the device's end is none.
    @Test func readsTheSmallestDevices() {
        for length in [0, 1, 3, 511, 1081, 4090] {
            let bytes = [UInt8](repeating: 0, count: length)
            #expect(Contents(head: bytes, tail: bytes) == .blank)
        }
    }
}
