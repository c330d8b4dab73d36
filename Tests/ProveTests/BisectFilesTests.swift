import DaxConfig
import DaxHost
import DaxModel
import DaxReport
import DaxSystem
import DaxText
import Testing

@testable import DaxProve

/// What a bisection has of reports, directories and git.
@Suite struct BisectFilesTests {
    private let directory: String

    init() throws {
        directory =
            "/tmp/daxtorture-bisect-\(Clock.monotonicNanoseconds())-\(UInt32.random(in: 0 ... .max))"
        try Files.makeDirectories(directory)
    }

    private func write(_ name: String, _ text: String = "") throws {
        try Files.makeDirectories(Files.parent(of: "\(directory)/\(name)"))
        try Files.write(Array(text.utf8), to: "\(directory)/\(name)")
    }

    private func sh(_ script: String) throws {
        let run = try ChildProcess.run(
            ["/bin/sh", "-ec", "cd \(directory); \(script)"], seconds: 60)
        try #require(run.exit == .exited(0), "\(run.error)")
    }

    // MARK: reports

    private func report(_ rules: [Rule], duration: Double, total: UInt64? = nil) -> Report {
        var report = Report(fs: "xfs-dax", seed: Seed(1))
        report.verdict = rules.isEmpty ? .clean : .violation
        report.duration = duration
        report.violations = rules.map {
            Finding(rule: $0, file: "f", offset: 0, expected: "", observed: "so", story: "")
        }
        report.violationsTotal = total ?? UInt64(rules.count)
        return report
    }

    @Test func aReportSaysWhatARunShowed() throws {
        var plan = RunConfig()
        plan.duration = .seconds(10)
        var report = report([], duration: 10)
        #expect(RunFindings(report, plan: plan) == RunFindings())
        (report.verdict, report.vacuity) = (.untested, ["no DAX"])
        #expect(RunFindings(report, plan: plan) == RunFindings(excuse: "no DAX"))
        let signatures = ["R3 | so", "R10 | so"]
        report = self.report([.freshness, .kernel, .freshness], duration: 10)
        #expect(RunFindings(report, plan: plan) == RunFindings(signatures: signatures))
        // Less than its time, or less than all: what is not there may have been to come.
        report.duration = 3
        #expect(
            RunFindings(report, plan: plan).excuse
                == "another violation ended it (R3 | so; R10 | so)")
        (plan.rounds, report.rounds) = (5, RoundFacts(done: 4, violated: 1))
        #expect(RunFindings(report, plan: plan).excuse != nil)
        report.rounds = RoundFacts(done: 5, violated: 1)
        #expect(RunFindings(report, plan: plan).excuse == nil)
        report = self.report([.freshness], duration: 10, total: 99)
        #expect(RunFindings(report, plan: plan).excuse != nil)
    }

    @Test func everyRunHasASeedOfItsOwn() {
        let seeds = ["a", "b", "ab"].flatMap { kernel in
            (1...50).map { KernelRunner.seed(Seed(7), kernel: kernel, number: $0) }
        }
        #expect(Set(seeds).count == 150)
        #expect(KernelRunner.seed(Seed(7), kernel: "a", number: 1) == seeds[0])
    }

    // MARK: a directory of kernels

    @Test func numbersInNamesAreNumbers() {
        let names = ["v6.1", "v6.2-rc1", "v6.2-rc10", "v6.9", "v6.10", "v6.10.1", "w"]
        #expect(names.reversed().sorted(by: KernelDirectory.precedes) == names)
    }

    @Test func kernelsAreFilesTreesOrInstalled() throws {
        try write("row/k2")
        try write("row/k10/arch/x86/boot/bzImage")
        try write("row/k9/boot/vmlinuz-6.1.0-1-amd64")
        try write("row/k9/boot/config-6.1.0-1-amd64")
        try write("row/k9/lib/modules/6.1.0-1-amd64/x.ko")
        try write("row/.hidden")
        let row = try KernelDirectory(["\(directory)/row"])
        #expect(row.names == ["k2", "k9", "k10"])
        #expect(row["k2"] == KernelFiles(image: "\(directory)/row/k2", modules: nil))
        let place = "\(directory)/row/k9"
        #expect(
            row["k9"]
                == KernelFiles(
                    image: "\(place)/boot/vmlinuz-6.1.0-1-amd64",
                    modules: "\(place)/lib/modules/6.1.0-1-amd64"))
        let given = try KernelDirectory(["\(directory)/row/k10", "\(directory)/row/k2"])
        #expect(given.names.map { $0.suffix(3) } == ["k10", "_k2"])
    }

    @Test func whatIsNoKernelIsNamed() throws {
        try write("row/k1")
        #expect(throws: KernelsError.self) { try KernelDirectory(["\(directory)/row"]) }
        try Files.makeDirectories("\(directory)/row/empty")
        #expect(
            throws: KernelsError(
                "\(directory)/row/empty has no boot/vmlinuz-RELEASE, bzImage, vmlinuz or "
                    + "arch/x86/boot/bzImage")
        ) { try KernelDirectory(["\(directory)/row"]) }
        #expect(throws: KernelsError.self) { try KernelDirectory(["/no/such", "/no/other"]) }
    }

    // MARK: git

    /// Commits 1 to 12, of which 5 cannot be built.
    private func makeTree() throws -> GitTree {
        try sh(
            """
            git init -q -b main .; git config user.email a@b; git config user.name a
            for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
                echo $i >number; git add number; git commit -qm "number $i"; git tag v$i
            done
            """)
        try write(
            "build", "#!/bin/sh\ncd \(directory)\ngrep -qx 5 number && exit 2\ncp number image\n")
        try sh("chmod +x build; echo image >.git/info/exclude; echo build >>.git/info/exclude")
        return try GitTree(directory)
    }

    @Test func gitSaysWhichCommitIsNext() throws {
        let tree = try makeTree()
        let builder = try KernelBuilder(
            ["\(directory)/build"], image: "\(directory)/image", directory: "\(directory)/reports",
            in: tree)
        for first in [2, 5, 12] {
            var terms = Bisector.Terms()
            terms.sought = SoughtSignature("R3")
            var history = try GitHistory(tree, good: "v1", bad: "main")
            var bisector = Bisector(terms) { commit, _ in
                if let answer = try builder.build(commit, isStopped: { false }) { return answer }
                let number = Int(try Files.text("\(directory)/image").prefix { $0 != "\n" })!
                return .run(RunFindings(signatures: number >= first ? ["R3"] : []))
            }
            #expect(throws: KernelsError.self) { try GitHistory(tree, good: "v1", bad: "main") }
            guard case .found(let suspects) = try bisector.bisect(&history) else {
                Issue.record("no answer")
                return
            }
            let log = try tree.endBisection()
            #expect(log.contains("git bisect start"))
            let titles = try suspects.map { try tree.title(of: $0).split(separator: " ").last }
            #expect(
                Set(titles) == (first == 5 || first == 6 ? ["5", "6"] : ["\(first)"]), "\(titles)")
            try sh("test $(git branch --show-current) = main; ! git bisect log 2>/dev/null")
        }
    }

    @Test func whatGitRefusesIsTold() throws {
        let tree = try makeTree()
        #expect(throws: KernelsError.self) { try GitHistory(tree, good: "v1", bad: "v99") }
        #expect(throws: KernelsError("main and v12 are one commit")) {
            try GitHistory(tree, good: "main", bad: "v12")
        }
        try sh("! git bisect log 2>/dev/null")
        #expect(throws: KernelsError.self) { try GitTree("/") }
    }
}
