import CPowerCut
import DaxMachine
import Testing

/// What guest, host and QEMU's plugin have to agree on.
@Suite struct PowerCutMachineTests {
    @Test func theDoorbellIsWhereThePluginHasIt() throws {
        let base = Int(DOORBELL_OFFSET)
        func offset(_ path: PartialKeyPath<doorbell>) throws -> Int {
            base + (try #require(MemoryLayout<doorbell>.offset(of: path)))
        }
        #expect(try offset(\.command) == DoorbellLayout.command)
        #expect(try offset(\.argument) == DoorbellLayout.argument)
        #expect(try offset(\.seed) == DoorbellLayout.seed)
        #expect(try offset(\.answer) == DoorbellLayout.answer)
        #expect(try offset(\.image) == DoorbellLayout.image)
        #expect(try offset(\.lines) == DoorbellLayout.lines)
        #expect(try offset(\.evicted) == DoorbellLayout.evicted)
        #expect(try offset(\.digest) == DoorbellLayout.digest)
        #expect(try offset(\.counts) == DoorbellLayout.counts)
        #expect(UInt64(DOORBELL_DONE.rawValue) == DoorbellLayout.done)
    }

    @Test func commandsHaveThePluginsNumbers() {
        let numbers = [DOORBELL_BEGIN, DOORBELL_SETTLE, DOORBELL_CUT, DOORBELL_SHOW]
        #expect(DoorbellCommand.allCases.map(\.rawValue) == numbers.map { UInt64($0.rawValue) })
    }

    /// The kernel joins neighbouring ranges of persistent memory into one device.
    @Test(arguments: [256, 1024, 4096]) func theTwoMemoriesDoNotTouch(_ mebibytes: Int) {
        for pmem in [64, 320, 1022] {
            let memory = MachineMemory(memory: mebibytes << 20, persistentMemory: pmem << 20)
            #expect(memory.second >= memory.start + memory.length)
            #expect(memory.second % (128 << 20) == 0)
        }
    }
}
