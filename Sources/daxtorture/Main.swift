import DaxTorture
import DaxConfig
import DaxReport
import DaxMachine
import DaxSystem
import DaxText
import Glibc

@main
enum Start {
    static func main() throws {
        if GuestRun.isHere { GuestRun.main(schema: .daxtorture) }
        var r = Resolver(schema: .daxtorture)
        let a = CommandLine.arguments
        for s in a.dropFirst(2) { try r.set(s) }
        let c = try r.resolved()
        let t0 = Clock.monotonicNanoseconds()
        let s = try MachineSession(c, schema: .daxtorture, cache: "/root/.cache/daxtorture")
        print(s.choices)
        let d = try ReportDirectory(a[1])
        let (report,_) = try s.run(in: d) { print((Clock.monotonicNanoseconds() - t0)/1_000_000, $0) }
        print(report.verdictLine, (Clock.monotonicNanoseconds() - t0)/1_000_000)
        exit(report.verdict.exitStatus)
    }
}
