import CFault
import CForge
import Glibc
import Testing

@testable import DaxSystem

/// Takes a SIGBUS that says that some page failed.
private func forge(_ code: Int) {
    let page = unsafe UnsafeMutableRawPointer(bitPattern: 4096)
    _ = unsafe cforge_bus(Int32(code), page, 12)
}

/// Waits for a memory failure, and then no more.
private func awaitNothing() {
    cfault_await_failure()
    _ = unsafe cfault_end_failure()
}

/// Memory failures, forged: what they do to a thread that waits for one, and to any other.
@Suite struct MemoryFailureTests {
    init() throws { try Mapping.guardAccess() }

    @Test(arguments: [BUS_MCEERR_AR, BUS_MCEERR_AO], [12, 21] as [Int16])
    func oneThatIsAwaitedIsRecorded(_ code: Int, _ bits: Int16) throws {
        let file = try scratchFile(bytes: 8192)
        let mapping = try Mapping(file, offset: 0, bytes: 8192, sharing: .shared)
        cfault_await_failure()
        let forged = unsafe cforge_bus(Int32(code), mapping.base + 512, bits)
        let second = unsafe cforge_bus(Int32(code), mapping.base, 3)
        let seen = unsafe cfault_end_failure()
        #expect(forged == 0 && second == 0)
        let (count, fault) = unsafe (seen.count, mapping.fault(seen.first))
        #expect(count == 2)
        #expect(
            fault
                == Fault(signal: SIGBUS, code: Int32(code), word: 512, addressBits: Int(bits)))
        #expect(fault.isMemoryFailure)
        // The window is closed, and a new one is empty.
        cfault_await_failure()
        let none = unsafe cfault_end_failure().count
        #expect(none == 0)
    }

    @Test func oneThatNobodyAskedForKills() async {
        await #expect(processExitsWith: .signal(SIGBUS)) {
            try Mapping.guardAccess()
            forge(BUS_MCEERR_AR)
        }
        await #expect(processExitsWith: .signal(SIGBUS)) {
            try Mapping.guardAccess()
            forge(BUS_MCEERR_AO)
        }
    }

    @Test func oneThatComesTooLateKills() async {
        await #expect(processExitsWith: .signal(SIGBUS)) {
            try Mapping.guardAccess()
            awaitNothing()
            forge(BUS_MCEERR_AR)
        }
    }

    /// No other SIGBUS is excused.
    @Test func anotherSignalKillsEvenWhereOneIsAwaited() async {
        await #expect(processExitsWith: .signal(SIGBUS)) {
            try Mapping.guardAccess()
            cfault_await_failure()
            raise(SIGBUS)
        }
    }

    @Test func whoeverMayNotFailMemoryIsTold() throws {
        let file = try scratchFile(bytes: 4096)
        let mapping = try Mapping(file, offset: 0, bytes: 4096, sharing: .shared, writable: false)
        // Beyond the end of file there is no page that could fail: EFAULT where all else is allowed.
        try file.truncate(to: 0)
        #expect(throws: SystemError.self) { try mapping.failMemory(0) }
        #expect(
            !Fault(signal: SIGBUS, code: Int32(BUS_ADRERR), word: 0, addressBits: 0).isMemoryFailure
        )
        #expect(
            !Fault(signal: SIGSEGV, code: Int32(BUS_MCEERR_AR), word: 0, addressBits: 0)
                .isMemoryFailure)
    }

    @Test func theListOfBadBlocksIsRead() {
        #expect(BadBlockList.parse("") == [])
        #expect(BadBlockList.parse("8 1\n64 8\n") == [8..<9, 64..<72])
        #expect(BadBlockList.parse("8\nx 9\n7 2 1\n3 1\n") == [3..<4])
    }

    /// /dev/null's and /dev/zero's numbers are no block device's.
    @Test func onlyADeviceOfPersistentMemoryHasBlocksToSpoil() {
        #expect(throws: SystemError.self) {
            _ = try BadBlockList(of: DeviceNumber(major: 0, minor: 1))
        }
        for name in (try? Files.names(in: "/sys/dev/block")) ?? [] {
            guard let number = DeviceNumber(name),
                let path = try? Files.canonical("/sys/dev/block/\(name)"),
                path.split(separator: "/").last?.hasPrefix("pmem") != true
            else { continue }
            #expect(throws: SystemError.self) { _ = try BadBlockList(of: number) }
        }
    }
}
