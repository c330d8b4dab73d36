import DaxConfig
import DaxModel
import DaxReport
import DaxText
import Testing

@testable import DaxTorture

/// A report as a mail to those who maintain the filesystem.
@Suite struct MailTests {
    private static let fix = """
        # One line.
        #
        # Fix: "xfs: use dax ops for zero and truncate" (64e6edc185da, Linux 6.2), which
        # is one of several.
        # Signature: R3 | an old stamp
        # Signature: R7
        format = 1
        """

    private func report(_ change: (inout Report) -> Void = { _ in }) -> Report {
        var report = Report(fs: "xfs-dax", seed: Seed(7))
        report.kernel = "6.1.0-56-cloud-amd64"
        report.checks.epochs = 20
        report.checks.violatedEpochs = 3
        report.timeToFirstViolation = 1.25
        report.volume = VolumeFacts(
            mkfs: "mkfs.xfs -q -f -K -m reflink=1 -d su=2m,sw=1,extszinherit=512 /dev/pmem0",
            tool: "mkfs.xfs version 6.1.0", mount: "-t xfs -o dax=always")
        for _ in 0..<2 {
            report.add(
                Finding(
                    rule: .freshness, file: "file0", offset: 64, expected: "0",
                    observed: "0x0600000014: show 1's stamp 1",
                    operations: [],
                    story:
                        "show 1's pread found show 1's stamp 1 at offset 0x40 1.54 ms after show 1's "
                        + "punch had returned.\nThe word at offset 0x40, 0 when the epoch began:\n"
                        + "* [0.005, 0.010] us show 1's pwrite at 0x0, 4096 bytes: wrote 0x06: show 1's stamp 1",
                    signature: Signature(
                        rule: .freshness, seen: "an old stamp", observer: "read", others: ["punch"])
                ))
        }
        change(&report)
        report.conclude()
        return report
    }

    private func mail(
        _ report: Report, _ config: Config? = nil, command: [String] = [], fixes: [String] = []
    ) -> String {
        Mail(
            report, config: config, command: command,
            fixes: fixes.compactMap { KnownFix(of: $0, Config()) },
            version: "0.1.0")?.text ?? ""
    }

    @Test func saysWhatWhereAndHow() throws {
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(
            """
            format = 1
            [fs]
            type = "xfs-dax"
            reflink = true
            files = 2
            [actor.show]
            role = "script"
            steps = ["pwrite f0 0 4KiB", "clone f1 0 f0 0 4KiB", "punch f0 64 64", "pread f0 0 256"]
            """, name: "t.toml")
        let text = mail(
            report(), try? resolver.resolved(), command: ["daxtorture", "--set", "a b"],
            fixes: [Self.fix])
        for part in [
            "Subject: [BUG] xfs dax: stale data after punch (6.1.0-56-cloud-amd64)\n",
            "on Linux 6.1.0-56-cloud-amd64 with xfs mounted with dax=always, a read",
            "In 3 of 20 stretches of 2s, after each of which all data were checked,\nfirst after 1.3 s.\n",
            "\n2 violations, 1 distinct:\n  2 x  R3 | an old stamp | read | punch\n",
            "\"show 1\" and the like are threads. A stamp is eight bytes that",
            "  mkfs     mkfs.xfs -q -f -K -m reflink=1", "  mount    -t xfs -o dax=always\n",
            "\n  punch f0 64 64\n", "\n  daxtorture --set 'a b'\n",
            "  daxtorture --config resolved.toml --report r\n",
            "\n  daxtorture reproducer resolved.toml > reproducer.c\n",
            "You may be missing \"xfs: use dax ops for zero and truncate\"\n(64e6edc185da, Linux 6.2):",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        for line in text.split(separator: "\n")
        where !line.hasPrefix("*") && !line.hasPrefix("Subject") {
            #expect(line.count <= 72, "\(line)")
        }
    }

    @Test func theSplatIsWholeAndAMutantIsNoBug() {
        let long = String(repeating: "x", count: 100)
        let text = mail(
            report {
                $0.notes = ["broken on purpose: xfs-stale-punch"]
                $0.add(
                    Finding(
                        rule: .kernel, file: "", offset: 0, expected: "a silent kernel",
                        observed: "warning", operations: ["WARNING: \(long)", "Call Trace:"],
                        story: "it"))
            })
        #expect(text.contains("\nWARNING: \(long)\nCall Trace:\n"))
        #expect(text.contains("DO NOT SEND: this kernel was broken on purpose: xfs-stale-punch."))
    }

    @Test func withoutAViolationThereIsNoMail() {
        let empty = Report(fs: "xfs-dax", seed: Seed(7))
        #expect(Mail(empty, config: nil, command: [], fixes: [], version: "0") == nil)
    }

    /// A fix is told where the signature fits and the kernel is older.
    @Test func onlyAFixThatFitsIsTold() throws {
        let fix = try #require(KnownFix(of: Self.fix, Config()))
        #expect(fix.place == "64e6edc185da, Linux 6.2" && fix.signatures.count == 2)
        #expect(fix.mayMend("R3 | an old stamp | read", on: "6.1.0-56-amd64", reflink: false))
        #expect(fix.mayMend("R7 | zero", on: "6.1.0", reflink: false))
        #expect(!fix.mayMend("R3 | zero", on: "6.1.0", reflink: false))
        #expect(
            !fix.mayMend("R7 | zero", on: "6.2.0", reflink: false)
                && !fix.mayMend("R7 | zero", on: nil, reflink: false))
        for (old, new) in [
            ("\"xfs", "such as \"xfs"), ("Linux 6.2", "soon"), ("Signature", "Seen"),
        ] {
            #expect(KnownFix(of: Self.fix.replacing(old, with: new), Config()) == nil)
        }
    }
}
