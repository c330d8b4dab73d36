package import DaxReport

/// Which bytes of its file an order of an episode concerns.
package enum Reach: Hashable, Sendable {
    case range(Range<UInt64>)
    /// All from this offset on.
    case onward(UInt64)
    /// The file as a whole, its mapping or its descriptor.
    case whole
    /// None: the order is about no file under test.
    case nothing

    package init(of order: EpisodeOrder) {
        if order.file == nil {
            self = .nothing
        } else if ["truncate", "collapse range", "insert range"].contains(order.kind) {
            self = .onward(order.offset)
        } else if order.kind == "fsync" || order.length == 0 {
            self = .whole
        } else {
            self = .range(order.offset..<order.offset &+ order.length.clamped(order.offset))
        }
    }

    /// Whether any byte of `bytes` is concerned.
    package func touches(_ bytes: Range<UInt64>) -> Bool {
        switch self {
        case .range(let range): range.overlaps(bytes)
        case .onward(let offset): offset < bytes.upperBound
        case .whole: true
        case .nothing: false
        }
    }
}

extension UInt64 {
    /// A length that does not lead beyond the last offset, whatever a file says.
    fileprivate func clamped(_ offset: UInt64) -> UInt64 { Swift.min(self, .max - offset) }
}
