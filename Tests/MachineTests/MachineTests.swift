import DaxHost
import DaxSystem
import TestSupport
import Testing

@testable import DaxMachine

@Suite struct MachineTests {
    private func machine(features: Set<String> = ["erms", "fsrm", "rdrand", "rdseed", "sse2"])
        throws
        -> Machine
    {
        let scratch = try Scratch("machine\(Counter.shared.next())")
        try scratch.write("vmlinuz", KernelImageTests.image("6.1"))
        let qemu = QEMU(
            path: "/q", version: QEMU.Version(10, 0), dataArguments: ["-L", "/d"], environment: [],
            features: features)
        return Machine(qemu: qemu, kernel: try KernelImage(path: "\(scratch.path)/vmlinuz"))
    }

    private func arguments(_ machine: Machine) -> [String] {
        machine.arguments(
            initramfs: "/i", outbox: "/o", console: "/c", log: "/l", libraryPath: "/lib")
    }

    /// The value behind an option that occurs once.
    private func value(_ option: String, of machine: Machine) -> String? {
        let arguments = arguments(machine)
        let places = arguments.indices.filter { arguments[$0] == option }
        return places.count == 1 ? arguments[places[0] + 1] : nil
    }

    @Test func masksWhatTearsWords() throws {
        #expect(value("-cpu", of: try machine()) == "max,-erms,-fsrm")
        #expect(value("-accel", of: try machine()) == "tcg,thread=multi")
        #expect(value("-icount", of: try machine()) == nil)
    }

    @Test func aDeterministicMachineHasNoOutsideInput() throws {
        var machine = try machine()
        machine.seed = 42
        #expect(value("-cpu", of: machine) == "max,-erms,-fsrm,-rdrand,-rdseed")
        #expect(value("-accel", of: machine) == "tcg,thread=single")
        #expect(value("-icount", of: machine) == "shift=1,sleep=off,align=off")
        #expect(value("-rtc", of: machine) == "base=2026-01-01T00:00:00,clock=vm")
        #expect(value("-seed", of: machine) == "42")
        #expect(value("-append", of: machine)?.contains("daxtorture.seed=42") == true)
    }

    /// The emulated counter is the host's, unless it counts instructions: the kernel is told its rate,
    /// since it may measure another one.
    @Test func theKernelIsToldHowFastItsClockIs() throws {
        func told(_ machine: Machine) -> [Double] {
            (value("-append", of: machine) ?? "").split(separator: " ").compactMap { word in
                word.hasPrefix("tsc_early_khz=") ? Double(word.dropFirst(14)) : nil
            }
        }
        var machine = try machine()
        let rates = told(machine)
        try #require(rates.count == 1)
        // It is a constant of the CPU, however busy the host is.
        let again = Clock.measureTicksPerSecond() / 1000
        #expect((again * 0.99...again * 1.01).contains(rates[0]))
        machine.seed = 42
        #expect(told(machine).isEmpty)
        machine.seed = nil
        machine.acceleration = .kvm
        #expect(told(machine).isEmpty)
    }

    /// The persistent memory is RAM, ends where RAM ends, and begins where no low memory is.
    @Test(arguments: [
        (1 << 30, 1 << 30, 4096), (256 << 20, 16 << 20, 4096), (3 << 30, 8 << 30, 4096),
        (5 << 30, 2 << 30, 6144),
    ])
    func placesPersistentMemory(memory: Int, persistent: Int, startMiB: Int) throws {
        var machine = try machine()
        machine.memory = memory
        machine.persistentMemory = persistent
        try machine.check()
        let low = min(memory, 3 << 30)
        #expect(value("-machine", of: machine) == "pc,max-ram-below-4g=\(low)")
        #expect(value("-m", of: machine) == "\((memory + persistent) >> 20)M")
        let end = 4096 + (memory + persistent - low) >> 20
        #expect(startMiB + persistent >> 20 == end)
        let range = "memmap=\(persistent >> 20)M!\(startMiB)M"
        #expect(
            value("-append", of: machine)?.split(separator: " ").contains { $0 == range } == true)
    }

    /// A DIMM of QEMU's own memory, beside the ordinary: no memmap=, room for it, no label area.
    @Test func aDIMMHoldsPersistentMemory() throws {
        var machine = try machine()
        machine.persistentDevice = .nvdimm
        machine.memory = 512 << 20
        machine.persistentMemory = 2 << 30
        try machine.check()
        #expect(value("-machine", of: machine) == "pc,max-ram-below-4g=\(512 << 20),nvdimm=on")
        #expect(value("-m", of: machine) == "512M,slots=1,maxmem=2560M")
        #expect(arguments(machine).contains("memory-backend-ram,id=pmem,size=2048M"))
        #expect(arguments(machine).contains("nvdimm,memdev=pmem"))
        #expect(value("-append", of: machine)?.contains("memmap=") == false)
        #expect(!arguments(machine).contains { $0.contains("mem-path") && $0.contains("pmem") })
        #expect(machine.persistentDevice.modules == ["libnvdimm", "nd_pmem", "nfit"])
        machine.persistentDevice = .virtio
        #expect(value("-m", of: machine)?.hasSuffix(",slots=1,maxmem=2560M") == true)
        #expect(arguments(machine).contains("virtio-pmem-pci,memdev=pmem,id=pmem0"))
        #expect(PersistentDevice.memmap.modules == ["libnvdimm", "nd_pmem", "nd_e820"])
    }

    @Test func refusesImpossibleShapes() throws {
        func refused(_ change: (inout Machine) -> Void) throws -> DaxHost.ExitStatus? {
            var machine = try machine()
            change(&machine)
            return #expect(throws: MachineError.self) { try machine.check() }?.exitStatus
        }
        #expect(try refused { $0.cpus = 0 } == .usage)
        #expect(try refused { $0.cpus = 65 } == .usage)
        #expect(try refused { $0.memory = 255 << 20 } == .usage)
        #expect(try refused { $0.memory = 1 << 30 + 4096 } == .usage)
        #expect(try refused { $0.persistentMemory = 0 } == .usage)
        #expect(try refused { $0.persistentMemory = 1 << 30 + 1 << 20 } == .usage)
        #expect(
            try refused {
                $0.seed = 1
                $0.acceleration = .kvm
            } == .usage)
    }

    @Test func readsQEMUsOwnWords() {
        let banner = "QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)\nCopyright (c) 2003"
        #expect(QEMU.Version(inBanner: banner) == QEMU.Version(10, 0))
        #expect(QEMU.Version(inBanner: "no such thing") == nil)
        #expect(QEMU.Version(9, 2) < QEMU.oldest)
        #expect(QEMU.Version(10, 1) > QEMU.oldest)
        let help =
            "Available CPUs:\n  max erms\n\nRecognized CPUID flags:\n  3dnow erms\n  fsrm\n\n"
        #expect(QEMU.features(inHelp: help) == ["3dnow", "erms", "fsrm"])
    }

    @Test func anOldOrMissingQEMUIsUntestable() throws {
        let scratch = try Scratch()
        let old = "\(scratch.path)/qemu"
        try Script.write(old, "#!/bin/sh\necho 'QEMU emulator version 7.2.17 (Debian)'\n")
        let error = #expect(throws: MachineError.self) {
            try QEMU.find(explicit: old, cache: scratch.path)
        }
        #expect(error?.exitStatus == .untested)
        #expect(error?.description.contains("7.2") == true)
        #expect(throws: MachineError.noQEMU(looked: ["/nonexistent"])) {
            try QEMU.find(explicit: "/nonexistent", cache: scratch.path)
        }
        try Script.write(old + "2", "#!/bin/sh\nexit 1\n")
        #expect(throws: MachineError.self) {
            try QEMU.find(explicit: old + "2", cache: scratch.path)
        }
    }

    @Test func listsLibraries() throws {
        let text = """
            \tlinux-vdso.so.1 (0x00007ffd)
            \tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f01)
            \t/lib64/ld-linux-x86-64.so.2 (0x00007f02)
            """
        #expect(
            try Initramfs.paths(inListing: text, of: "p")
                == ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"])
        #expect(
            throws: MachineError.missingProgram("p", reason: "its library libx.so is not found")
        ) {
            try Initramfs.paths(inListing: "\tlibx.so => not found\n", of: "p")
        }
    }

    @Test func theInitramfsIsTheSameEachTime() throws {
        func archive() throws -> [UInt8] {
            var initramfs = try Initramfs(program: "/bin/true")
            try initramfs.add(tool: "mke2fs")
            initramfs.add(file: "/etc/x", [1])
            return initramfs.archive(config: [1, 2, 3])
        }
        #expect(try archive() == archive())
        #expect(throws: MachineError.self) {
            var initramfs = try Initramfs(program: "/bin/true")
            try initramfs.add(tool: "no-such-tool")
        }
    }

    /// A disk that ran full, and has room again, or has not.
    @Test func completesAConsoleThatQEMUCouldNotWrite() throws {
        let scratch = try Scratch()
        let directory = try Directory(scratch.path)
        let printed = Array("one\ntwo\n".utf8)
        for written in ["", "one\n", "o\n", "one\ntwo\n"] {
            let log = try directory.create("log")
            // QEMU opens it by itself.
            try HostFile.updating("\(scratch.path)/log").write(Array(written.utf8).span)
            let failure = Machine.complete(log, with: printed)
            #expect(failure == nil)
            #expect(try Files.read("\(scratch.path)/log") == printed)
            try directory.remove("log")
        }
        let full = try HostFile.updating("/dev/full")
        let failure = Machine.complete(full, with: printed)
        #expect(failure != nil)
    }
}
