import DaxSystem
import Glibc
import Synchronization
import Testing

/// Numbers that look random and are the same each time (splitmix64).
struct Noise {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

/// Counts calls, from any thread.
final class Counter: Sendable {
    static let shared = Counter()
    private let value = Mutex(0)
    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}

enum Script {
    /// Writes an executable file.
    static func write(_ path: String, _ text: String) throws {
        try HostFile.creating(path, mode: 0o755).write(Array(text.utf8).span)
    }
}
