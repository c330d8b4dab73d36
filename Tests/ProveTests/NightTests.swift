import DaxConfig
import DaxProve
import DaxReport
import DaxText
import Testing

/// What the runs of a night come to together.
@Suite struct NightTests {
    private func run(
        _ status: Int32?, _ verdict: Verdict?, kernel: String = "6.12.117",
        known: KnownFailure? = nil, mayRefuse: Bool = false
    ) -> NightRun {
        var report = Report(fs: "xfs-dax", seed: Seed(1))
        report.kernel = kernel
        if let verdict { report.verdict = verdict }
        return NightRun(
            filesystem: "xfs-dax", config: "reflink", seed: "0x1", status: status,
            report: verdict == nil ? nil : report, knownFailure: known, mayRefuse: mayRefuse)
    }

    private let known = KnownFailure(until: "6.12", reason: "no fixes")

    @Test func aRunCountsAsItEnded() {
        #expect(run(0, .clean).verdict == .clean)
        #expect(run(1, .violation).verdict == .violation)
        #expect(run(125, .untested).verdict == .untested)
        #expect(run(nil, nil).verdict == .untested)
        // It died, or was killed.
        #expect(run(139, nil).verdict == .untested)
    }

    @Test func withoutAReportNothingWasTested() {
        #expect(run(0, nil).verdict == .untested)
        #expect(run(1, nil).verdict == .violation)
    }

    @Test func whatIsKnownDoesNotCount() {
        #expect(run(1, .violation, known: known).verdict == .clean)
        #expect(run(1, .violation, kernel: "6.13.1", known: known).verdict == .violation)
        #expect(run(125, .untested, known: known).verdict == .untested)
        for (fs, verdict) in [(.xfs, .clean), (.ext4, .violation)] as [(FilesystemType, Verdict)] {
            let known = KnownFailure(until: "6.12", reason: "no fixes", fs: fs)
            #expect(run(1, .violation, known: known).verdict == verdict)
        }
    }

    @Test func aConfigMayRefuseTheArguments() {
        #expect(run(2, nil, mayRefuse: true).verdict == .clean)
        #expect(run(2, nil).verdict == .untested)
    }

    @Test func theWorstCounts() {
        #expect(Night([]).verdict == .untested)
        #expect(Night([run(0, .clean), run(125, .untested)]).verdict == .untested)
        #expect(
            Night([run(1, .violation), run(125, .untested), run(0, .clean)]).verdict == .violation)
    }

    @Test func theTableTellsOfEach() {
        let runs = [
            run(0, .clean), run(1, .violation, known: known), run(2, nil, mayRefuse: true),
            run(nil, nil), run(1, nil),
        ]
        #expect(
            Night(runs).text == """
                  filesystem   config    kernel     seed   verdict             operations   faults   violations   words
                  xfs-dax      reflink   6.12.117   0x1    clean                        0        0            0       0
                  xfs-dax      reflink   6.12.117   0x1    violation (known)            0        0            0       0
                  xfs-dax      reflink   -          0x1    refused                      -        -            -       -
                  xfs-dax      reflink   -          -      never run                    -        -            -       -
                  xfs-dax      reflink   -          0x1    no report                    -        -            -       -

                reflink on xfs-dax is known to fail up to Linux 6.12: no fixes

                """)
    }
}
