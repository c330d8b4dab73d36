import DaxActors
import DaxOperations

/// How large the logs may be.
struct LogRoom {
    /// Operations that each actor's log holds.
    let records: Int
    /// Words that it holds of what was read.
    let values: Int
    /// The most that all logs take, in bytes, together with what is made of them while they are judged;
    /// the words that audits read aside.
    let most: UInt64

    /// Room for an actor of each of `roles`, within a budget of bytes for the logs and for what is
    /// built from them, all files together `file` bytes.
    ///
    /// The audit of the files comes first: their words are read, and so part of the history. Of the
    /// rest three quarters are for records, and a quarter for values, which a history copies. All
    /// logs may be full at once. A log that holds two seconds' work is long enough.
    init(budget: UInt64, roles: [Role], file: UInt64) {
        let rest = Int(budget - min(budget / 2, file))
        let record = roles.reduce(0) { $0 + LogRoom.record + LogRoom.cost(of: $1) }
        records = max(64, min(rest * 3 / 4 / max(record, 1), 1 << 18))
        values = max(1024, min(rest / 4 / (2 * 8 * max(roles.count, 1)), 1 << 19))
        most = UInt64(records * record + values * 2 * 8 * roles.count)
    }

    /// What one log takes, in bytes.
    var bytes: Int { records * LogRoom.record + values * 8 }

    private static let record = MemoryLayout<Record>.stride

    /// Bytes that the costliest of a role's operations becomes in a history and while it is judged.
    private static func cost(of role: Role) -> Int {
        role.possibleKinds.map { cost(of: $0.traits.parts) }.max() ?? 0
    }

    /// As `Semantics` takes an operation apart and `History` counts the parts: 128 bytes for an
    /// access, 208 for a zeroing, 184 for a change of size. That may clear the tail of the page
    /// where the file ended, and while sizes change all the time it may have ended in several.
    private static func cost(of parts: OperationTraits.Parts) -> Int {
        let (access, zeroing, resize) = (128, 208, 184 + 4 * 208)
        return switch parts {
        case .none: 0
        case .access: access
        case .privateAccess: 64 + 2 * access
        case .bulkStore: 2 * access
        case .write: 2 * access + resize
        case .resize: resize
        case .truncate: resize + 2 * zeroing
        case .zeroing: 6 * zeroing
        case .shift: resize + 208 + zeroing
        case .copy: 2 * 208 + resize
        case .lentCopy: 2 * 208
        case .exchange: 2 * (208 + access)
        }
    }
}
