import DaxReport

/// The size of an episode's file, as its calls returned. What they did at the same time may have come in
/// another order.
package struct SizeHistory: Hashable, Sendable {
    package struct Step: Hashable, Sendable {
        package let invoked, returned: UInt64
        package let size: UInt64
        /// What it was before.
        package let previous: UInt64
    }

    package private(set) var steps: [Step] = []
    package let first: UInt64

    package init(of view: EpisodeView) {
        guard let file = view.file, let index = Int(exactly: file) else {
            first = 0
            return
        }
        first = view.episode.files[index].size
        var size = first
        let orders = view.episode.actors.flatMap(\.orders).filter { $0.file == file }
            .sorted { $0.returned < $1.returned }
        for order in orders {
            guard let now = SizeHistory.size(after: order, size), now != size else { continue }
            steps.append(
                Step(invoked: order.invoked, returned: order.returned, size: now, previous: size))
            size = now
        }
    }

    /// What an order makes of a size; nil where it leaves it.
    private static func size(after order: EpisodeOrder, _ size: UInt64) -> UInt64? {
        let end = order.offset.addingReportingOverflow(order.done).partialValue
        switch order.kind {
        case "allocate" where order.outcome == "done":
            return max(size, order.offset.addingReportingOverflow(order.length).partialValue)
        case "truncate" where order.outcome == "done": return order.offset
        case "collapse range" where order.outcome == "done": return size - min(order.length, size)
        case "insert range" where order.outcome == "done":
            return size.addingReportingOverflow(order.length).partialValue
        default:
            switch Sort(kind: order.kind) {
            case .write where order.done > 0: return max(size, end)
            case .copy where order.done > 0 && order.kind != "read into mapping":
                return max(size, end)
            default: return nil
            }
        }
    }

    /// The size after all that returned by `time`.
    package func size(at time: UInt64) -> UInt64 {
        steps.last { $0.returned <= time }?.size ?? first
    }
}
