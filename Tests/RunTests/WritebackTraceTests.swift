import DaxModel
import TestSupport
import Testing

@testable import DaxTorture

@Suite struct WritebackTraceTests {
    private func parse(_ line: String) -> WritebackTrace.Event? {
        WritebackTrace.parse(Array(line.utf8)[...])
    }

    @Test func anEventIsRead() throws {
        let event = try #require(
            parse(
                " fsync-loop-81      [001] ..... 18446744073709: dax_writeback_one: dev 259:0 ino "
                    + "0xc pgoff 0x1f3 pglen 0x200"))
        #expect(event.inode == 12)
        #expect(event.pages == 0x1f3..<0x3f3)
        #expect(event.at == Timestamp(ticks: 18_446_744_073_709))
    }

    @Test func zeroHasNoPrefix() throws {
        let event = try #require(
            parse(
                " a-1 [000] ..... 5: dax_writeback_one: dev 259:0 ino 0x1 pgoff 0 pglen 0x1"))
        #expect(event.pages == 0..<1)
    }

    /// Of those it is not known when they began.
    @Test(arguments: [
        ("kworker/u4:1-81", "kworker/u4:1-81"), ("jbd2/pmem0-8-90", "jbd2/pmem0-8-90"),
        ("writer 1-90", nil),
    ])
    func aThreadOfTheKernelsOwnIsKnown(_ task: String, _ thread: String?) throws {
        let event = try #require(
            parse(
                "   \(task)    [000] ..... 5: dax_writeback_one: dev 259:0 ino 0x1 pgoff 0 pglen 0x1"
            ))
        #expect(event.kernelThread.map { String(decoding: $0, as: UTF8.self) } == thread)
    }

    @Test(arguments: [
        "CPU:1 [LOST 12 EVENTS]", "", "# tracer: nop",
        " a-1 [000] ..... 5: dax_writeback_range: dev 259:0 ino 0x1 pgoff 0x0-0x1",
        " a-1 [000] ..... 5: dax_writeback_one: dev 259:0 ino 0x1 pgoff 0x",
        " a-1 [000] ..... 5: dax_writeback_one: dev 259:0 ino 0x1 pgoff 0xg pglen 0x1",
        " a-1 [000] ..... 5: dax_writeback_one: dev 259:0 ino 0x1 pgoff 3",
        " a-1 [000] ..... 5: dax_writeback_one: dev 259:0 ino 0x10000000000000000 pgoff 3 pglen 1",
        "dax_writeback_one: dev 259:0 ino 0x1 pgoff 3 pglen 1",
    ])
    func otherLinesAreNone(_ line: String) {
        #expect(parse(line) == nil)
    }
}
