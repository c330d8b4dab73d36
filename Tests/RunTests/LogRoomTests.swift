import DaxActors
import DaxModel
import DaxOperations
import DaxOracle
import DaxSystem
import TestSupport
import Testing

@testable import DaxTorture

/// The logs, and what is made of them when all are full, stay within the budget.
@Suite struct LogRoomTests {
    // Far less than a config may ask for, so that full logs are soon made.
    private let budget: UInt64 = 1 << 20
    private let file: UInt64 = 256 << 10

    /// The costliest operation of a role: neither end is on a page's border, and the end of file
    /// may be within it.
    private func add(_ role: Role, _ operation: Operation, to semantics: inout Semantics) {
        let at = UInt64(operation.id.index) * 10 + 1
        let interval = Interval(Timestamp(ticks: at), Timestamp(ticks: at + 15))
        let words = 511..<1537 as Range<UInt64>
        switch role {
        case .puncher: semantics.punch(operation, words, .done, over: interval)
        case .truncater:
            let size = (operation.id.index % 500 + 513) * 8
            semantics.truncate(operation, to: UInt64(size), .done, over: interval)
        default:
            semantics.write(
                operation, words, sequence: operation.id.index + 1, written: words.count, .done,
                over: interval)
        }
    }

    @Test(arguments: [
        [Role.puncher], [.truncater], [.writer, .writer], [.puncher, .truncater, .writer],
    ])
    func fullLogsOfTheCostliestAreWithinTheBudget(_ roles: [Role]) {
        let room = LogRoom(budget: budget, roles: roles, file: file)
        var semantics = Semantics(
            file: 0, words: ContiguousArray(repeating: 0, count: Int(file / 8)), size: 8200)
        for (actor, role) in roles.enumerated() {
            for index in 0..<UInt32(room.records) {
                let id = OperationID(actor: ActorNumber(index: actor), index: index)
                add(role, Operation(id, kind: 0, path: 0), to: &semantics)
            }
        }
        let history = semantics.history()
        let copied = roles.count * room.values * 8
        let sum =
            roles.count * room.bytes + history.bytes + history.bytesToJudge + copied + Int(file)
        #expect(sum <= Int(budget))
        // Nor does it lie idle.
        #expect(sum > Int(budget) / 2)
    }

    @Test func manyActorsWithLittleMemoryHaveRoomForAStep() {
        let roles = Array(repeating: Role.puncher, count: 254)
        let room = LogRoom(budget: 16 << 20, roles: roles, file: 8 << 20)
        #expect(Log(records: room.records, values: room.values).hasRoom(values: 512))
    }
}
