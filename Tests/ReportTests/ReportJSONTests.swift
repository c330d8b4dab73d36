import DaxModel
import DaxReport
import DaxText
import Testing

private func violatedReport() -> Report {
    var report = cleanReport()
    report.add(staleRead)
    report.timeToFirstViolation = 1.25
    report.notes = ["truncate through ftruncate(2): IORING_OP_FTRUNCATE not supported"]
    report.conclude()
    return report
}

@Suite struct ReportJSONTests {
    @Test func survivesTheRoundTrip() throws {
        var compared = violatedReport()
        compared.daxMode = "inode"
        compared.differential = DifferentialFacts(cleanReport(), directory: "without-dax")
        let empty = Report(fs: "xfs-dax", seed: Seed(.max))
        for report in [cleanReport(), violatedReport(), compared, empty] {
            #expect(try Report(json: JSON(report.json.text)) == report)
        }
    }

    @Test func keepsTheFixedOrder() throws {
        let members = try #require(violatedReport().json.members)
        #expect(
            members.map(\.name) == [
                "schema", "verdict", "exit", "fs", "kernel", "seed", "duration_s", "interrupted",
                "dax",
                "dax_mode", "operations", "operations_failed", "faults", "sigbus", "overlaps",
                "words_checked", "violations",
                "time_to_first_violation_s", "violations_total", "signatures", "known", "rounds",
                "vacuity", "notes",
                "differential", "machine", "volume", "actors", "processes", "latency", "checks",
                "space",
                "memory", "coverage", "power", "decided", "clock", "crash",
            ])
    }

    @Test func dependsOnNothingButItsValue() {
        // Dictionaries are seeded anew for each instance; the text must not follow their order.
        let texts = (0..<20).map { _ in
            var report = violatedReport()
            report.operations = Dictionary(uniqueKeysWithValues: report.operations.shuffled())
            return report.json.text
        }
        #expect(Set(texts).count == 1)
    }

    @Test func saysTheFixedKeys() throws {
        let json = violatedReport().json
        #expect(json["schema"] == .string("daxtorture-report-1"))
        #expect(json["verdict"] == .string("violation"))
        #expect(json["exit"] == .number(1))
        #expect(json["seed"] == .string("0x7"))
        #expect(json["dax"] == .bool(true))
        #expect(json["faults"]?["pmd"] == .number(678))
        #expect(json["sigbus"]?["missing"] == .number(0))
        #expect(json["sigbus"]?["no_space"] == .number(10))
        #expect(json["sigbus"]?["taken"] == .number(901))
        #expect(json["space"]?["after_bytes"] == .number(999_995_904))
        #expect(json["memory"]?["judge_bytes_peak"] == .number(12_345_678))
        #expect(Report(fs: "ext4-dax", seed: Seed(1)).json["space"] == .null)
        #expect(json["overlaps"]?["puncher x writer"] == .number(9))
        #expect(json["coverage"]?.values?[1]["pte"] == .number(4))
        #expect(json["coverage"]?.values?[2]["pmd"] == .null)
        #expect(json["words_checked"] == .number(4_321_000))
        #expect(json["time_to_first_violation_s"] == .double(1.25))
        #expect(Report(fs: "ext4-dax", seed: Seed(1)).json["exit"] == .number(125))
    }

    /// Every member taken away, or replaced by a value of another kind: a complaint, never a trap.
    @Test func namesWhatIsWrong() throws {
        let members = try #require(violatedReport().json.members)
        for (index, member) in members.enumerated() {
            var damaged = members
            damaged[index].value = .array([.object([])])
            // `exit`, `dax` and `words_checked` repeat what is read elsewhere.
            if ["exit", "dax", "words_checked"].contains(member.name) { continue }
            #expect(throws: ReportError.self, "\(member.name)") {
                try Report(json: .object(damaged))
            }
            damaged.remove(at: index)
            #expect(throws: ReportError.self, "\(member.name)") {
                try Report(json: .object(damaged))
            }
        }
        #expect { try Report(json: .object([])) } throws: { "\($0)" == "report has no \"schema\"" }
        #expect {
            var damaged = members
            damaged[12].value = .object([.init("pte", .string("many"))])
            _ = try Report(json: .object(damaged))
        } throws: { "\($0)" == "pte should be a whole number, 0 or more" }
    }

    /// A program of another version may know rules that this one does not.
    @Test func refusesARuleThatThereIsNot() throws {
        let report = violatedReport().json
        #expect(try Report(json: report).violations.first?.rule == .regrowth)
        let text = report.text.replacing("\"R7\"", with: "\"R70\"")
        #expect { try Report(json: JSON(Array(text.utf8))) } throws: {
            "\($0)" == "rule is not one: R70"
        }
    }

    @Test func refusesAnotherSchema() {
        #expect { try Report(json: .object([.init("schema", .string("fio"))])) } throws: {
            "\($0)" == "schema is \"fio\"; this version reads \"daxtorture-report-1\""
        }
    }
}

@Suite struct SummaryTests {
    @Test func readsWell() {
        #expect(
            violatedReport().summary() == """
                violation: R7 regrowth, file0 at 0x203000: faulter 2 read stamp 7 of writer 3 in kernel 6.1.0 after truncater 1 had cut it off (ext4-dax, seed 0x7).

                  filesystem       ext4-dax
                  kernel           6.1.0-50-cloud-amd64
                  seed             0x7
                  duration         20.0 s
                  DAX              proven: statx on 1, MAP_SYNC on 1 of 1 files
                  machine          QEMU 10.0.2, tcg, 2 CPUs, 1GiB memory, 1GiB pmem
                  actors           2 faulter, 1 puncher, 1 truncater, 2 writer
                  faults           12,345 PTE, 678 PMD, 91 from PMD to PTE
                  SIGBUS           901 taken, 0 missing
                                   = 890 justified + 1 poisoned + 10 no space + 0 unjustified
                  checked          4,321,000 words, 34,568,000 bytes
                  processes        2, 23 overlaps between them
                    in races       20,500 exactly of 21,000
                    by audits      4,300,000 exactly of 4,300,000
                    sizes          800 searched, 12 undecided
                  power            301 of 400 refused: zero for stamp
                                   20 of 20 refused: success for sigbus
                  free space       1,000,000,000 bytes before, 999,995,904 after
                  memory           33,554,432 bytes of logs, 12,345,678 to judge, of 536,870,912
                  clock            tsc, counters at most 31 ns apart, slack 1,000 ns
                  first violation  after 1.3 s

                  operation       count      p50       p90       p99       max
                  fault          30,000        -         -         -         -
                  punch           4,000        -         -         -         -
                  store       1,200,000   850 ns   1.23 us   45.6 us   2.10 ms
                  truncate          500        -         -         -         -

                  overlaps              no fault   PTE   PMD
                  faulter x faulter            1     2     3
                  faulter x puncher        1,000     4     0
                  puncher x truncater          8     -     -
                  cold cells: faulter x puncher, a PMD fault

                Notes
                  - truncate through ftruncate(2): IORING_OP_FTRUNCATE not supported

                1 violation
                  1  R7 | N, stamp N of writer N

                Violation 1 of 1: R7 regrowth, file0 at 0x203000

                  faulter 2 read stamp 7 of writer 3 in kernel 6.1.0 after truncater 1 had cut
                  it off. The file had been grown again, so every word there had to be zero.
                  The mapping was stale.

                  expected  zero
                  observed  0x03000000070a1b2c, stamp 7 of writer 3

                  operations
                    writer 3 #7 store 0x200000+65536 [1000, 1400]
                    truncater 1 #2 truncate to 0x100000 [1500, 1900]
                    faulter 2 #9 load 0x203000 [2100, 2200]

                """)
    }

    @Test func powerCutsAreTold() {
        var report = violatedReport()
        #expect(!report.summary().contains("power cuts"))
        var crash = CrashFacts(model: "adr")
        (crash.cuts, crash.checked, crash.words) = (39, 38, 23_584_421)
        report.crash = crash
        #expect(
            report.summary().contains(
                "\n  power cuts       39 (adr), 38 recovered and read, 23,584,421 words\n"))
    }

    @Test func saysWhatIsMissing() {
        var report = Report(fs: "xfs-dax", seed: Seed(7))
        report.conclude()
        #expect(report.summary().contains("\nUntested because\n  - no file was tested\n"))
        report.violationsTotal = 3
        report.conclude()
        let text = report.summary()
        #expect(text.contains("kernel           none came up\n"))
        #expect(text.contains("machine          none came up\n"))
        #expect(text.contains("\nNot exercised\n  - no file was tested\n"))
        #expect(text.hasSuffix("\n3 more violations are not told.\n"))
    }
}
