package import DaxModel
package import DaxOperations

/// The operation that made a stamp: what its actor's log says of it.
///
/// It tells a stamp that the kernel put where it does not belong from one whose operation the history
/// does not know: of a call that counted as refused, say.
package struct StampMaker: Sendable {
    package var actor: ActorNumber
    package var record: Record

    /// Looks for the record of the operation that made `value` for some word; nil if none of this epoch
    /// did.
    package init?(of value: UInt64, in actorLogs: [ActorLog]) {
        let stamp = Stamp(rawValue: value)
        guard let actorLog = actorLogs.first(where: { $0.actor == stamp.actor }) else { return nil }
        let found = actorLog.log.records.first {
            $0.kind.traits.reference == .stamps && $0.reference == stamp.sequence
        }
        guard let found else { return nil }
        (actor, record) = (actorLog.actor, found)
    }
}
