internal import CFault

/// By what a store that is in a CPU's cache gets to the memory.
package enum Flush: String, CaseIterable, Sendable {
    /// Nothing but a fence: the platform writes its caches back when power fails (eADR).
    case fence
    case clwb
    case clflushopt
    case clflush

    /// Whether this CPU has the instruction.
    package var isThere: Bool {
        let features = cfault_cpu_features()
        return switch self {
        case .fence, .clflush: true
        case .clwb: features & UInt32(CFAULT_CLWB) != 0
        case .clflushopt: features & UInt32(CFAULT_CLFLUSHOPT) != 0
        }
    }

    /// The one for cache lines that keeps them, or loses them with the least waiting.
    package static var ofLines: Flush { [.clwb, .clflushopt].first(where: \.isThere) ?? .clflush }
}

extension Mapping {
    /// Writes the cache lines of `count` words from word `word` on back, and waits for them.
    ///
    /// The instructions fault as loads do. `done` counts words, those of the line at which a fault
    /// ended it not among them.
    package func flush(_ word: Int, count n: Int, by flush: Flush) -> AccessResult {
        precondition(word >= 0 && n > 0 && word + n <= count)
        let first = word & ~7
        let lines = (word + n - first + 7) / 8
        let at = unsafe base + first
        let left =
            switch flush {
            case .fence: unsafe cfault_flush_clwb(at, 0, 0)
            case .clwb: unsafe cfault_flush_clwb(at, 0, lines)
            case .clflushopt: unsafe cfault_flush_clflushopt(at, 0, lines)
            case .clflush: unsafe cfault_flush_clflush(at, 0, lines)
            }
        if left == 0 { return AccessResult(done: n, fault: nil) }
        return result(max(0, 8 * (lines - left) + first - word), of: n)
    }
}
