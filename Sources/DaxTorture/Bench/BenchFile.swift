import DaxSystem

/// A file whose faults are measured, with room behind the ranges of all threads for whoever changes it.
final class BenchFile: Sendable {
    let file: File
    /// Bytes that threads touch.
    let bytes: Int
    /// Bytes behind them.
    static let tail = 2 << 20

    /// Makes the file at `path`, and takes its name away. Extents are aligned to 2 MiB where the filesystem
    /// can.
    ///
    /// - Parameter tail: how many bytes more the file has, behind those.
    init(_ path: String, bytes: Int, written: Bool, tail: Int = BenchFile.tail) throws(SystemError)
    {
        file = try File(path, [.create, .exclusive])
        try Files.remove(path)
        self.bytes = bytes
        try file.truncate(to: UInt64(bytes + tail))
        guard written else { return }
        try file.allocate(.allocate, offset: 0, length: UInt64(bytes))
        var data = Buffer(words: (1 << 20) / 8)
        data.countUp(from: 1, by: 1)
        for offset in stride(from: 0, to: bytes, by: 1 << 20) {
            let count = min(data.count, (bytes - offset) / 8)
            _ = try file.write(at: UInt64(offset), count: count, from: data, at: 0)
        }
        try file.sync()
    }

    /// Brings the file's range to where the faults of `path` find what they are to find.
    func prepare(for path: FaultPath) throws(SystemError) {
        guard path.needsHole else { return }
        try file.allocate(.punch, offset: 0, length: UInt64(bytes))
        if path == .writeUnwritten {
            try file.allocate(.allocate, offset: 0, length: UInt64(bytes))
        }
    }

    /// One change beside the threads; how many calls it made.
    func change(_ beside: Beside, _ number: Int) throws(SystemError) -> Int {
        let (end, step) = (UInt64(bytes), UInt64(64 << 10))
        switch beside {
        case .nobody: return 0
        case .puncher:
            try file.allocate(.allocate, offset: end, length: step)
            try file.allocate(.punch, offset: end, length: step)
        case .truncater:
            try file.truncate(to: end + UInt64(BenchFile.tail) + step)
            try file.truncate(to: end + UInt64(BenchFile.tail))
        case .punchHere:
            let page = UInt64(number) &* 4096 % end
            try file.allocate(.punch, offset: page, length: 4096)
            return 1
        }
        return 2
    }
}
