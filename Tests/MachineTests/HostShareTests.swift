import DaxHost
import DaxSystem
import Testing

@testable import DaxMachine

/// How much of the CPU time that it wanted a machine got.
@Suite struct HostShareTests {
    private let second: UInt64 = 1_000_000_000

    /// A machine that wanted `wanted` of each second and got `got` of it, both in thousandths, in turn.
    private func worst(_ seconds: [(got: UInt64, wanted: UInt64)]) -> Double {
        var share = HostShare()
        var time = ProcessorTime(ran: 0, waited: 0)
        share.add(time, at: 0)
        for (index, part) in seconds.enumerated() {
            time.ran += part.got * second / 1000
            time.waited += (part.wanted - part.got) * second / 1000
            share.add(time, at: UInt64(index + 1) * second)
        }
        return share.worst
    }

    private func seconds(_ count: Int, _ got: UInt64, of wanted: UInt64) -> [(
        got: UInt64, wanted: UInt64
    )] { Array(repeating: (got, wanted), count: count) }

    @Test func theWorstWindowCounts() {
        #expect(worst(seconds(60, 1000, of: 1000)) == 1)
        #expect(worst(seconds(60, 100, of: 1000)) == 0.1)
        let inTheMiddle =
            seconds(40, 900, of: 1000) + seconds(20, 100, of: 1000) + seconds(40, 900, of: 1000)
        #expect(worst(inTheMiddle) == 0.1)
        // Half a window of it is no window.
        let short =
            seconds(40, 900, of: 1000) + seconds(10, 100, of: 1000) + seconds(40, 900, of: 1000)
        #expect(abs(worst(short) - 0.5) < 0.001)
    }

    /// Whoever says nothing may spin, or wait.
    @Test(arguments: [(2000, 2.0), (1000, 1.0), (0, 0.0)] as [(UInt64, Double)])
    func theLatestWindowSaysWhatItDoes(_ thousandths: UInt64, _ cpus: Double) throws {
        var share = HostShare()
        var time = ProcessorTime(ran: 1, waited: 0)
        for at in 0...60 as ClosedRange<UInt64> {
            share.add(time, at: at * second)
            #expect((share.latest == nil) == (at < 20))
            time.ran += (at < 30 ? 500 : thousandths) * second / 1000
        }
        #expect(abs(try #require(share.latest) - cpus) < 0.001)
    }

    @Test func aShortOrAnIdleMachineWasKeptFromNothing() {
        #expect(worst(seconds(19, 1, of: 1000)) == 1)
        #expect(worst(seconds(60, 1, of: 50)) == 1)
    }

    /// The kernel's own figures, of threads that run and of some that wait for them.
    @Test func theSchedulerCounts() throws {
        let output = try HostFile.memory("output")
        // More of them than there are CPUs, so that some wait; the children are not the process.
        var child = try ChildProcess(
            ["/bin/sh", "-c", "while :; do :; done"], environment: ChildProcess.environment,
            output: output, error: output)
        var deadline = Deadline(nanoseconds: 10 * second)
        var time = child.processorTime
        while !deadline.isOver(), (time?.ran ?? 0) < second / 100 {
            try child.wait(milliseconds: 20)
            time = child.processorTime
        }
        #expect((time?.ran ?? 0) >= second / 100)
        try child.kill()
        #expect(child.processorTime == nil)
    }
}
