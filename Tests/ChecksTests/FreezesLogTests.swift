import DaxModel
import DaxOracle
import DaxSystem
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations

/// What a log says of a frozen filesystem.
@Suite struct FreezesLogTests {
    private func record(
        _ kind: OperationKind, _ from: UInt64, _ to: UInt64, done: UInt64 = 8,
        _ outcome: Record.Outcome = .done
    ) -> Record {
        Record(
            interval: Interval(Timestamp(ticks: from), Timestamp(ticks: to)), offset: 4096,
            length: 16, done: done, reference: 0, kind: kind, path: .mapping, outcome: outcome,
            file: 0, code: 0)
    }

    /// What is found of a record between a freeze over [10, 20] and a thaw over [40, 50].
    private func judge(_ record: Record, slack: UInt64 = 0) -> Freezes.Findings {
        var administrator = Log(records: 16, values: 1)
        for var one in [self.record(.freeze, 10, 20), self.record(.thaw, 40, 50)] {
            one.file = Record.noFile
            administrator.append(one)
        }
        var other = Log(records: 16, values: 1)
        other.append(record)
        var freezes = Freezes()
        freezes.add(ActorLog(actor: 1, log: administrator), file: 0, slack)
        freezes.add(ActorLog(actor: 2, log: other), file: 0, slack)
        return freezes.judge()
    }

    @Test func storesAndCallsThatChangedTheFileAreFound() {
        let found = judge(record(.store, 25, 30)).changes
        #expect(found.map(\.page) == [1] && found.map(\.operation.actor) == [2])
        for kind in OperationKind.allCases {
            let isStore = kind.traits.effect == .store
            let changes = isStore || kind.traits.effect == .call
            #expect(judge(record(kind, 25, 30)).changes.isEmpty != changes, "\(kind.name)")
            #expect(judge(record(kind, 25, 30, .failed)).changes.isEmpty != isStore)
            #expect(judge(record(kind, 25, 45)).changes.isEmpty, "\(kind.name)")
        }
    }

    @Test func whatDidNothingIsNot() {
        #expect(judge(record(.store, 25, 30, done: 0, .faulted)).changes.isEmpty)
        #expect(judge(record(.write, 25, 30, done: 0)).changes.isEmpty)
        #expect(!judge(record(.truncate, 25, 30, done: 0)).changes.isEmpty)
        #expect(!judge(record(.vectorStore, 25, 30, done: 8, .faulted)).changes.isEmpty)
    }

    @Test func slackIsGiven() {
        #expect(judge(record(.store, 23, 30), slack: 1).changes.count == 1)
        #expect(judge(record(.store, 22, 30), slack: 1).changes.isEmpty)
        #expect(judge(record(.store, 23, 38), slack: 1).changes.isEmpty)
    }

    @Test func otherFilesAreNot() {
        var other = record(.store, 25, 30)
        other.file = 1
        #expect(judge(other).changes.isEmpty)
    }
}
