import DaxModel
import DaxOperations
import DaxSystem
import TestSupport
import Testing

@testable import DaxActors

/// A script says what is to come of its steps, and reports what does not. It needs no DAX.
@Suite struct ExpectationTests {
    /// What is found when `steps` are carried out once, on a file of 1 MiB of zeros.
    private func findings(_ steps: [String]) throws -> [ActorFinding] {
        let lone = try LoneContext("expect")
        let settings = ActorSettings(
            bytes: 8...4096, alignment: 8, pause: 0, orders: try steps.map { try Order($0) })
        var script = try Script(settings, lone.context)
        for _ in steps { script.step(lone.context) }
        #expect(lone.context.trouble == nil)
        return lone.context.takeFindings()
    }

    @Test(arguments: [
        ["load f0 0 64", "expect ok", "expect zero"],
        ["store f0 0 64", "expect ok", "load f0 8 16", "expect written"],
        ["pwrite f0 0 64", "store f0 16 8", "write f0 8 8", "pread f0 0 64", "expect written"],
        ["truncate f0 4KiB", "expect ok", "load f0 4KiB 64", "expect SIGBUS"],
        ["pwrite f0 0 64", "punch f0 0 4KiB", "pread f0 0 64", "expect zero"],
        // The private copy is nobody's.
        ["store f0 0 64", "private-store f0 0 64", "load f0 0 64", "expect written"],
        ["copy f0 0 f0 8 16", "expect EINVAL"],
    ])
    func whatIsAsExpectedIsNotReported(_ steps: [String]) throws {
        #expect(try findings(steps).isEmpty)
    }

    @Test(arguments: [
        (
            ["truncate f0 4KiB", "load f0 4KiB 64", "expect ok"], Rule.sigbus,
            "step 2 of the script, \"load f0 4KiB 64\", was expected to succeed, and took SIGBUS after 0 "
                + "bytes"
        ),
        (
            ["load f0 0 64", "expect SIGBUS"], .sigbus,
            "step 1 of the script, \"load f0 0 64\", was expected to take SIGBUS, and succeeded"
        ),
        (
            ["copy f0 0 f0 8 16", "expect ok"], .refusal,
            "step 1 of the script, \"copy f0 0 f0 8 16\", was expected to succeed, and failed with EINVAL"
        ),
        (
            ["copy f0 0 f0 8 16", "expect EIO"], .refusal,
            "step 1 of the script, \"copy f0 0 f0 8 16\", was expected to fail with EIO, and failed with "
                + "EINVAL"
        ),
        (
            ["fsync f0", "expect ENOSPC"], .refusal,
            "step 1 of the script, \"fsync f0\", was expected to fail with ENOSPC, and succeeded"
        ),
        (
            ["truncate f0 64", "pread f0 0 256", "expect zero"], .refusal,
            "step 2 of the script, \"pread f0 0 256\", was expected to read zeros, and came to 64 of 256 "
                + "bytes"
        ),
        (
            ["store f0 0 8", "pread f0 0 64", "expect zero"], .freshness,
            "step 2 of the script, \"pread f0 0 64\", was expected to read zeros, and found 0x0300000001"
        ),
        (
            ["store f0 0 64", "punch f0 0 4KiB", "pread f0 8 8", "expect written"], .freshness,
            "step 3 of the script, \"pread f0 8 8\", was expected to read what was stored there last, and "
                + "found 0x0000000000000000 at offset 8"
        ),
    ])
    func whatIsNotIsReported(_ steps: [String], _ rule: Rule, _ story: String) throws {
        let findings = try findings(steps)
        #expect(findings.count == 1)
        let finding = try #require(findings.first)
        #expect(finding.rule == rule && finding.file == "file0", "\(finding)")
        #expect(finding.story.hasPrefix(story), "\(finding.story)")
        #expect(finding.expected != finding.observed && finding.events.count == 1)
    }
}
