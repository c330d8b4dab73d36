import DaxSystem
import Glibc
import Testing

@testable import DaxDevices

/// Cache lines of an ordinary file's mapping are flushed like those of any memory.
@Suite struct PersistenceTests {
    private static let length = 1 << 16

    private func withMapping(
        _ body: (_ path: String, _ file: borrowing HostFile, UnsafeMutableRawPointer) throws -> Void
    ) throws {
        let machine = try MadeMachine()
        let file = try HostFile(machine.device, O_RDWR)
        let address = unsafe mmap(
            nil, PersistenceTests.length, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, 0)!
        defer { unsafe munmap(address, PersistenceTests.length) }
        try unsafe body(machine.device, file, address)
    }

    @Test func persistsAndLeavesTheMapping() throws {
        try unsafe withMapping { _, file, address in
            for granularity in [StoreGranularity.cacheLine, .byte] {
                let persistence = try unsafe Persistence(
                    of: address, length: PersistenceTests.length, file: file.descriptor,
                    granularity: granularity)
                unsafe address.storeBytes(of: 0x1122, toByteOffset: 8192, as: UInt64.self)
                unsafe persistence.persist(address + 8192, 8)
                unsafe persistence.flush(address, PersistenceTests.length)
                persistence.drain()
                #expect(persistence.granularity == granularity)
            }
            // Were it unmapped with the value, this would kill the test.
            #expect(unsafe address.load(fromByteOffset: 8192, as: UInt64.self) == 0x1122)
        }
    }

    @Test func saysWhyAMappingIsNotTaken() throws {
        try unsafe withMapping { path, file, address in
            let first = try unsafe Persistence(
                of: address, length: PersistenceTests.length, file: file.descriptor,
                granularity: .cacheLine)
            #expect {
                _ = try unsafe Persistence(
                    of: address, length: PersistenceTests.length, file: file.descriptor,
                    granularity: .cacheLine)
            } throws: {
                "\($0)".hasPrefix("pmem2_map_from_existing: ")
            }
            first.drain()
            let granularity = StoreGranularity.ofFile(path, length: UInt64(PersistenceTests.length))
            #expect(granularity == .known(.page))
            #expect {
                _ = try unsafe Persistence(
                    of: address, length: PersistenceTests.length, file: file.descriptor,
                    granularity: .page)
            } throws: {
                "\($0)" == "page granularity: msync(2) makes stores durable"
            }
        }
    }
}
