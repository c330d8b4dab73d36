import DaxSystem
import Glibc
import Testing

@testable import DaxDevices

/// What a device must be before mkfs may have it, however it looks at its ends.
@Suite struct FormattableDeviceTests {
    /// In the table it looks blank; it is not.
    @Test(arguments: [1 << 20, 2 << 20, (4 << 20) - 65537, (3 << 20) + 4095])
    func findsOneByteAnywhereBetweenTheEnds(_ offset: Int) throws {
        let machine = try MadeMachine()
        try machine.sign(offset, [1])
        let before = try Files.read(machine.device)
        #expect(machine.check().state(of: machine.device) == "free, looks blank at both ends")
        #expect(
            machine.refusal(format: false)
                == "device \(machine.device): holds unknown data at byte \(offset); "
                + "--format says that it may be destroyed")
        #expect(machine.refusal(format: true) == nil)
        #expect(try Files.read(machine.device) == before)
    }

    /// A terabyte with one byte in it, which would take minutes to read.
    @Test func stepsOverHoles() throws {
        let machine = try MadeMachine()
        let result = unsafe truncate(machine.device, 1 << 40)
        #expect(result == 0)
        #expect(machine.refusal(format: false) == nil)
        let file = try HostFile(machine.device, O_RDWR)
        #expect(lseek(file.descriptor, 700 << 30, SEEK_SET) == 700 << 30)
        try file.write([0, 0, 7])
        #expect(machine.refusal(format: false)?.contains("at byte \(700 << 30 + 2);") == true)
    }

    @Test func refusesWhatCannotBeOnDAXBeforeAnythingElse() throws {
        let machine = try MadeMachine()
        try machine.put("/sys/dev/block/259:0/queue/dax", "0\n")
        // In use and full as well.
        try machine.sign(0, Array("XFSB".utf8))
        try machine.put(
            "/proc/self/mountinfo", "36 35 259:0 / /mnt rw - xfs /dev/root rw,relatime\n")
        let check = machine.check { (path) throws(SystemError) in
            Issue.record("\(path) was opened")
            throw SystemError("open", code: EIO, target: path)
        }
        for format in [false, true] {
            #expect(
                check.complaint(machine.device, format: format)
                    == "device \(machine.device): cannot be on DAX (its queue/dax is 0)")
        }
        #expect(check.state(of: machine.device) == "cannot be on DAX (its queue/dax is 0)")
    }

    @Test func refusesWhereTheKernelDoesNotSay() throws {
        let machine = try MadeMachine()
        for text in ["", "2\n", "yes\n"] {
            try machine.put("/sys/dev/block/259:0/queue/dax", text)
            #expect(machine.refusal(format: true)?.contains("not known to be able") == true)
        }
        try Files.remove("\(machine.root)/sys/dev/block/259:0/queue/dax")
        #expect(machine.refusal(format: true)?.contains("queue/dax: No such file") == true)
    }

    /// A partition has no queue of its own.
    @Test func asksThePartitionsDisk() throws {
        let machine = try MadeMachine()
        let disk = "/sys/dev/block/259:0"
        try Files.makeDirectory("\(machine.root)\(disk)/pmem0p1")
        try machine.put("\(disk)/pmem0p1/partition", "1\n")
        let partition = SysBlock(directory: "\(machine.root)\(disk)/pmem0p1")
        #expect(partition.isDAX == .known(true))
        try machine.put("\(disk)/queue/dax", "0\n")
        #expect(partition.isDAX == .known(false))
    }

    /// Between the look and mkfs.
    private func refusedAtLast(
        format: Bool = false, _ change: (borrowing MadeMachine) throws -> Void
    ) throws -> DeviceRefusal.Reason? {
        let machine = try MadeMachine()
        let device = try machine.check().formattable(machine.device, format: format)
        try change(machine)
        do {
            try device.release()
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func looksOnceMoreRightBeforeMkfs() throws {
        let untouched = try refusedAtLast { _ in }
        #expect(untouched == nil)
        let mounted = try refusedAtLast(format: true) { machine in
            try machine.put(
                "/proc/self/mountinfo", "36 35 259:0 / /mnt rw - xfs /dev/root rw\n")
        }
        #expect(mounted == .mounted("/mnt"))
        let held = try refusedAtLast(format: true) { machine in
            try Files.makeDirectory("\(machine.root)/sys/dev/block/259:0/holders/dm-3")
        }
        #expect(held == .held(["dm-3"]))
        let made = try refusedAtLast { machine in try machine.sign(0, Array("XFSB".utf8)) }
        #expect(made == .holds("xfs"))
        let given = try refusedAtLast(format: true) { machine in
            try machine.sign(0, Array("XFSB".utf8))
        }
        #expect(given == nil)
    }
}
