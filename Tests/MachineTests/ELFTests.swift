import DaxHost
import DaxSystem
import TestSupport
import Testing

@testable import DaxMachine

@Suite struct ELFTests {
    @Test func findsTheInterpreterOfAProgram() throws {
        let elf = try #require(ELF(try Files.read("/bin/true")))
        #expect(elf.interpreter == "/lib64/ld-linux-x86-64.so.2")
        #expect(elf.section(".interp")?.last == 0)
        #expect(elf.section(".no-such") == nil)
    }

    @Test func findsANoteByItsOwnerAndType() throws {
        let elf = try #require(ELF(try Files.read("/bin/true")))
        // NT_GNU_BUILD_ID is a SHA-1; NT_GNU_ABI_TAG says 0, Linux, first.
        #expect(elf.note("GNU", 3)?.count == 20)
        #expect(elf.note("GNU", 1)?.prefix(4).elementsEqual([0, 0, 0, 0]) == true)
        #expect(elf.note("GNU", 18) == nil)
        #expect(elf.note("Xen", 3) == nil)
    }

    /// The proof that nothing needed was cut off is that it still runs.
    @Test func theLoadedPartStillRuns() throws {
        let scratch = try Scratch()
        let probe = try TestBench.probe()
        let bytes = try Files.read(probe)
        let part = try #require(ELF(bytes)).loadedPart
        #expect(part.count < bytes.count)
        let path = "\(scratch.path)/probe"
        try HostFile.creating(path, mode: 0o755).write(part.span)
        let run = try ChildProcess.run([path, "/nonexistent", ""], seconds: 30)
        #expect(run.exit == .exited(0))
        #expect(String(decoding: run.output, as: UTF8.self).hasPrefix("error: "))
    }

    @Test func survivesDamage() throws {
        let sound = try Files.read("/bin/true")
        for seed in 0..<300 {
            var noise = Noise(seed: UInt64(seed))
            var bytes = sound
            if seed % 3 == 0 { bytes.removeLast(noise.below(bytes.count)) }
            for _ in 0..<8 where bytes.count > 64 {
                bytes[noise.below(64)] = UInt8(truncatingIfNeeded: noise.next())
            }
            bytes.replaceSubrange(0..<min(6, bytes.count), with: sound.prefix(min(6, bytes.count)))
            guard let elf = ELF(bytes) else { continue }
            _ = elf.interpreter
            _ = elf.section(".modinfo")
            _ = elf.note("Xen", 18)
            #expect(elf.loadedPart.count <= bytes.count)
        }
    }

    @Test func refusesWhatIsNoELF() {
        #expect(ELF([]) == nil)
        #expect(ELF([UInt8](repeating: 0, count: 100)) == nil)
    }
}
