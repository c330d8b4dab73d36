import DaxModel
import DaxSystem
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations

/// What an actor saw by itself is told as the oracle's violations are: who did what, when, and whose
/// the word is.
@Suite struct FindingTests {
    private let names: [ActorNumber: String] = [3: "recycle 1", 5: "write 2"]

    private func record(
        _ kind: OperationKind, _ interval: ClosedRange<UInt64>, sequence: UInt32 = 0,
        file: FileNumber = Record.noFile, offset: UInt64 = 0
    ) -> Record {
        Record(
            interval: Interval(
                Timestamp(ticks: interval.lowerBound), Timestamp(ticks: interval.upperBound)),
            offset: offset, length: 4096, done: 4096, reference: sequence, kind: kind,
            path: .syscall,
            outcome: .done, file: file, code: 0)
    }

    private func told(_ proof: WordProof, reads: ClosedRange<UInt64>, _ log: [Record] = [])
        -> Finding
    {
        var finding = ActorFinding(
            rule: .provenance, file: "a recycled file", offset: 72, expected: "zero",
            observed: "0x0500000009000001", sentence: "", proof: proof)
        finding.events = [
            FindingEvent(record(.create, 10_000...11_000), name: "pwrite", effect: "wrote it"),
            FindingEvent(
                record(.recycledRead, 20_000...30_000), name: "punch", effect: "zeroed it"),
            FindingEvent(record(.ownLoad, reads), name: "read(2)", effect: "found it"),
        ]
        // A tick is a nanosecond.
        return ViolationFormatter(actors: names, ticksPerSecond: 1e9, begin: 0).tell(finding, of: 3)
        {
            stampOwner in
            log.first { $0.wrote(stampOwner) }
        }
    }

    private let foreign = WordProof(
        due: "zero", found: .fileUnderTest((actor: 5, sequence: 9, file: 1, word: 512)), block: 77)

    @Test func aForeignWordIsToldWithItsWriterAndItsBlock() {
        let violation = told(
            foreign, reads: 40_000...41_000,
            [
                // Neither another range, nor a read, nor another file.
                record(.write, 1000...2000, sequence: 9, file: 1, offset: 8192),
                record(.read, 1000...2000, sequence: 9, file: 1, offset: 4096),
                record(.write, 1000...2000, sequence: 9, file: 0, offset: 4096),
                record(.write, 5000...6000, sequence: 9, file: 1, offset: 4096),
            ])
        let lines = violation.story.split(separator: "\n")
        #expect(
            lines == [
                "recycle 1's read(2) found write 2's stamp 9 of file1 10.0 us after its punch had "
                    + "returned: zero was due.",
                "The word 0x0500000009000001 is what write 2 wrote as its operation 9 into file1 at "
                    + "offset 4096 by a write, [5, 6] us.",
                "It lies in block 77 of the device, of 4096 bytes each.",
            ])
        #expect(
            violation.operations == [
                "[10, 11] us recycle 1's pwrite at 0x0, 4096 bytes: wrote it",
                "[20, 30] us recycle 1's punch at 0x0, 4096 bytes: zeroed it",
                "[40, 41] us recycle 1's read(2) at 0x0, 4096 bytes: found it",
            ])
        #expect(violation.observed.hasPrefix("0x0500000009000001: what write 2 wrote"))
    }

    @Test func whatHappenedAtTheSameTimeIsToldSo() {
        let violation = told(foreign, reads: 25_000...41_000)
        #expect(violation.story.contains("of file1 while its punch went on: zero was due."))
        #expect(violation.story.contains("at offset 4096, but not in this epoch."))
    }

    @Test func zeroAndHolesAreToldPlainly() {
        let violation = told(
            WordProof(due: "what was written there", found: .zero, block: nil),
            reads: 40_000...41_000)
        #expect(
            violation.story.hasPrefix("recycle 1's read(2) found zero 10.0 us after its punch had ")
        )
        #expect(violation.story.hasSuffix("There is no block at that offset now."))
    }

    /// A finding about something else has its sentence, and the operation that showed it.
    @Test func aFindingOfNoWordHasTheOperationThatShowedIt() {
        var finding = ActorFinding(
            rule: .bystanders, file: "f", offset: 0, expected: "no block", observed: "8 bytes",
            sentence: "it kept 8 bytes of space")
        finding.events = [FindingEvent(record(.create, 10_000...11_000))]
        let violation = ViolationFormatter(actors: names, ticksPerSecond: 1e9, begin: 0).tell(
            finding, of: 3
        ) {
            _ in nil
        }
        #expect(violation.story == "it kept 8 bytes of space")
        #expect(violation.operations == ["[10, 11] us recycle 1's create at 0x0, 4096 bytes"])
    }
}
