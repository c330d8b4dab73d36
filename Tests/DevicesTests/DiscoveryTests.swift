import DaxSystem
import DaxText
import Testing

@testable import DaxDevices

@Suite struct DiscoveryTests {
    @Test func adviseOnAMachineWithoutAny() throws {
        let machine = try MadeMachine()
        let devices = try Device.all(machine.roots)
        #expect(devices.isEmpty)
        let text = Device.listing(devices)
        #expect(text.hasPrefix("no pmem device and no DAX mount here; "))
        #expect(text.split(separator: "\n").count == 1)
        #expect(
            Device.json(devices).text
                == "{\n  \"schema\": \"daxtorture-devices-1\",\n  \"devices\": []\n}\n")
    }

    /// Where a device's bytes are, and a partition's, which begins 1 MiB behind.
    @Test func sysfsSaysWhereTheMemoryIs() throws {
        let machine = try MadeMachine()
        let disk = "/sys/dev/block/259:0"
        func memory(_ minor: UInt32) -> Answer<Range<UInt64>> {
            Device.memory(of: DeviceNumber(major: 259, minor: minor), machine.roots)
        }
        #expect(memory(0).reason?.contains("device/resource") == true)
        try Files.makeDirectory("\(machine.root)\(disk)/device")
        try machine.put("\(disk)/size", "8192\n")
        // What root alone may see.
        for text in ["0x0\n", "0\n", "0x0000000000000000\n", ""] {
            try machine.put("\(disk)/device/resource", text)
            #expect(memory(0).value == nil)
        }
        try machine.put("\(disk)/device/resource", "0x140200000\n")
        #expect(memory(0) == .known(0x1_4020_0000..<0x1_4060_0000))

        try Files.makeDirectory("\(machine.root)\(disk)/pmem0p1")
        try machine.put("\(disk)/pmem0p1/partition", "1\n")
        try machine.put("\(disk)/pmem0p1/size", "2048\n")
        let partition = SysBlock(directory: "\(machine.root)\(disk)/pmem0p1")
        #expect(partition.memory.value == nil)
        try machine.put("\(disk)/pmem0p1/start", "2048\n")
        #expect(partition.memory == .known(0x1_4030_0000..<0x1_4040_0000))
    }

    /// A made block device, as of `memmap=`: sysfs answers what libpmem2 cannot, and nobody
    /// answers the rest.
    @Test func asksSysfsWhereLibpmem2HasNoAnswer() throws {
        let machine = try MadeMachine()
        try Files.remove(machine.device)
        try Files.makeDirectory(machine.device)  // As unknown to libpmem2 as a block device is.
        try Files.makeDirectory("\(machine.root)/sys/block/pmem0")
        try Files.makeDirectory("\(machine.root)/sys/block/pmem0/device")
        try machine.put("/sys/block/pmem0/size", "2097152\n")
        try machine.put("/sys/block/pmem0/device/numa_node", "1\n")
        try machine.put("/sys/block/pmem0/device/align", "2097152\n")
        try machine.put("/sys/block/pmem0/badblocks", "8 1\n4096 16\n")

        let device = try #require(Device.all(machine.roots).first)
        #expect(device.path == machine.device && device.kind == .fsdax)
        #expect(device.size == .known(.gib(1)))
        #expect(device.alignment == .known(.mib(2)))
        #expect(device.numaNode == .known(1))
        #expect(
            device.badBlocks
                == .known([
                    BadBlock(offset: 4096, length: ByteSize(bytes: 512)),
                    BadBlock(offset: 2 << 20, length: .kib(8)),
                ]))
        #expect(device.deviceID.reason?.hasPrefix("pmem2_source_from_fd: ") == true)
        #expect(device.granularity.value == nil && device.unsafeShutdowns.value == nil)

        let row = try #require(Device.json([device])["devices"]?.values?.first)
        #expect(row["size_bytes"] == .number(1 << 30))
        #expect(row["store_granularity"] == .null)
        #expect(row["absent"]?["store_granularity"] != nil)
        #expect(row["absent"]?["size_bytes"] == nil)
        let table = Device.listing([device])
        #expect(
            Layout.oneLine(table).contains(
                " \(machine.device): no id, unsafe shutdown count, store granularity: "
                    + "pmem2_source_from_fd: "))
        #expect(table.contains("1GiB"))
    }

    @Test func givesBothReasonsWhereNobodyAnswers() throws {
        let machine = try MadeMachine()
        try Files.remove(machine.device)
        try Files.makeDirectory("\(machine.root)/sys/block/pmem0")
        try machine.put("/sys/block/pmem0/badblocks", "8\n")
        try machine.put("/sys/block/pmem0/size", "large\n")
        let device = try #require(Device.all(machine.roots).first)
        #expect(device.use == "absent")
        let reason = try #require(device.size.reason)
        #expect(reason.hasPrefix("open \(machine.device): "))
        #expect(reason.hasSuffix("; \(machine.root)/sys/block/pmem0/size says \"large\""))
        #expect(device.badBlocks.reason?.hasSuffix("says \"8\"") == true)
        #expect(device.numaNode.reason?.contains("numa_node: No such file") == true)
    }

    /// Any directory can be asked as if it were a DAX mount; libpmem2 then says what it is.
    @Test func asksAMountThroughANamelessFile() throws {
        let machine = try MadeMachine()
        let mount = "\(machine.root)/dev"
        try machine.put(
            "/proc/self/mountinfo", "36 35 259:0 / \(mount) rw - ext4 /dev/pmem9 rw,dax=always\n")
        let device = try #require(Device.all(machine.roots).first)
        #expect(device.kind == .mount && device.path == mount)
        #expect(device.use == "ext4 on /dev/pmem9, dax=always")
        #expect((device.size.value?.bytes ?? 0) > 4 << 20)
        #expect(device.granularity == .known(.page))
        #expect(try Files.names(in: mount) == ["pmem0"])
    }

    @Test func saysWhyAMountCannotBeAsked() throws {
        let machine = try MadeMachine()
        try machine.put(
            "/proc/self/mountinfo", "36 35 259:0 / /no/such rw - xfs /dev/pmem9 rw,dax\n")
        let device = try #require(Device.all(machine.roots).first)
        #expect(device.granularity.reason == "open /no/such: No such file or directory (ENOENT)")
    }

    @Test func readsThisMachine() throws {
        _ = Device.listing(try Device.all())
    }
}
