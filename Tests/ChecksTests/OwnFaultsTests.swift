import DaxModel
import Glibc
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations

/// R5 in files that one actor alone touches, whose size nobody changes.
@Suite struct OwnFaultsTests {
    private func record(
        _ kind: OperationKind, _ signal: Int32 = SIGBUS, _ code: Int32 = Int32(BUS_ADRERR),
        _ outcome: Record.Outcome = .faulted, file: FileNumber = Record.noFile
    ) -> Record {
        Record(
            interval: Interval(Timestamp(ticks: 10), Timestamp(ticks: 20)), offset: 4096,
            length: 4096, done: 8, reference: 0, kind: kind, path: .mapping, outcome: outcome,
            file: file, signal: UInt8(signal), code: code)
    }

    private func faults(_ records: [Record], free: UInt64 = .max) -> OwnFaults {
        var log = Log(records: 100, values: 1)
        for record in records { log.append(record) }
        return OwnFaults(
            ActorLog(actor: 3, log: log), in: Situation(.ext4, space: SpaceOutlook(free: free)),
            by: "recycle 1")
    }

    @Test func aSIGBUSWithinTheFileIsUnjustified() throws {
        let found = faults([record(.ownLoad), record(.ownStore)])
        #expect(found.noSpace == 0 && found.poisoned == 0 && found.unjustified.count == 2)
        let (finding, instant) = try #require(found.unjustified.first)
        #expect(finding.rule == .sigbus && finding.file == "" && finding.offset == 4104)
        #expect(
            finding.story
                == "recycle 1 takes a SIGBUS at offset 4104 of a file of its own, within its size")
        #expect(instant == Timestamp(ticks: 20))
    }

    /// A load needs no space; a poisoned page must fail.
    @Test func whatExplainsItIsCounted() {
        let found = faults(
            [record(.ownStore), record(.ownLoad), record(.poisonedLoad)], free: 0)
        #expect(found.noSpace == 1 && found.poisoned == 1 && found.unjustified.count == 1)
    }

    /// Other signals are told by `refusals`, and files under test by the oracle.
    @Test func othersHaveTheRest() {
        let found = faults([
            record(.ownLoad, SIGSEGV, 1), record(.store, file: 0), record(.ownLoad, 0, 0, .done),
        ])
        #expect(found.noSpace == 0 && found.poisoned == 0 && found.unjustified.isEmpty)
    }
}
