import DaxSystem

/// Counts the instructions of single calls and page faults, on a machine whose clock counts instructions.
package struct InstructionBench {
    /// How many instructions one path takes.
    package struct Count: Hashable, Sendable {
        package var name: String
        /// The most frequent number.
        package var usual: UInt64
        /// In how many of `of` samples it was that.
        package var share: UInt64
        package var of: UInt64
        package var least: UInt64
        package var median: UInt64
        package var most: UInt64
    }

    /// The paths that find out what counting itself takes: of a touch, and of a call.
    package static let own = ["a touch without a fault", "no call"]

    private let directory: String
    private let perInstruction: Double

    package init(in directory: String) {
        self.directory = directory
        perInstruction = Clock.ticksPerInstruction()
    }

    /// All that is counted: what counting itself takes, which is subtracted from all others, then faults,
    /// then calls.
    package func run() throws -> [Count] {
        var counts = [
            count(InstructionBench.own[0], try touches()), count(InstructionBench.own[1], noCall),
        ]
        for size in MappingSize.allCases {
            for path in FaultPath.allCases {
                counts.append(
                    try count("\(path.rawValue) \(size.rawValue)", faults(path, size)))
            }
        }
        return counts + (try extentCalls())
    }

    /// The ticks of touches of what is mapped.
    private func touches() throws -> [UInt64] {
        let size = MappingSize.pte
        let file = try BenchFile("\(directory)/counted", bytes: size.range, written: true)
        let mapping = try Mapping(file.file, offset: 0, bytes: size.range, sharing: .shared)
        var ticks = Buffer(words: size.faults)
        for _ in 0..<2 {
            _ = mapping.touch(0, count: size.faults, step: 512, storing: false, ticks: &ticks)
        }
        return (0..<size.faults).map { ticks[$0] }
    }

    /// The ticks of what stands around each call that is counted.
    private var noCall: [UInt64] {
        (0..<64).map { _ in (try? ticks(of: { _ in }, 0)) ?? 0 }
    }

    private func ticks(
        of call: (UInt64) throws(SystemError) -> Void, _ offset: UInt64
    ) throws(SystemError) -> UInt64 {
        let begin = Clock.ticks()
        try call(offset)
        return Clock.ticks() - begin
    }

    /// The ticks of the faults of one pass, behind one that is not counted, less those of touches without
    /// one.
    private func faults(_ path: FaultPath, _ size: MappingSize) throws -> [UInt64] {
        let file = try BenchFile(
            "\(directory)/counted", bytes: size.range, written: !path.needsHole)
        let mapping = try Mapping(
            file.file, offset: 0, bytes: size.range, sharing: .shared,
            placement: .shifted(pages: size == .pmd ? 0 : 1))
        let (faults, step) = (size.faults, size.bytes / 8)
        var ticks = Buffer(words: faults)
        for _ in 0..<2 {
            try file.prepare(for: path)
            try mapping.dontNeed(0..<mapping.count)
            if path == .writeProtected {
                _ = mapping.touch(0, count: faults, step: step, storing: false, ticks: &ticks)
            }
            _ = mapping.touch(0, count: faults, step: step, storing: path.isStore, ticks: &ticks)
        }
        let taken = (0..<faults).map { ticks[$0] }
        // The loop's own.
        _ = mapping.touch(0, count: faults, step: step, storing: path.isStore, ticks: &ticks)
        let own = (0..<faults).map { ticks[$0] }.min() ?? 0
        return taken.map { $0 - min($0, own) }
    }

    /// fallocate(2), ftruncate(2), read(2) and write(2), on a page that nobody maps, and on one that is mapped.
    private func extentCalls() throws -> [Count] {
        let size = MappingSize.pte
        let pages = size.faults
        var counts: [Count] = []
        let own = noCall.min() ?? 0
        var data = Buffer(words: 512)
        for isMapped in [false, true] {
            let file = try BenchFile("\(directory)/counted", bytes: size.range, written: true)
            let mapping = try Mapping(
                file.file, offset: 0, bytes: size.range, sharing: .shared,
                placement: .shifted(pages: 1))
            var ticks = Buffer(words: pages)
            let end = UInt64(size.range)
            let calls: [(String, (UInt64) throws(SystemError) -> Void)] = [
                (
                    "write",
                    { offset throws(SystemError) in
                        _ = try file.file.write(at: offset, count: 512, from: data, at: 0)
                    }
                ),
                (
                    "read",
                    { offset throws(SystemError) in
                        _ = try file.file.read(at: offset, count: 512, into: &data)
                    }
                ),
                (
                    "zero",
                    { offset throws(SystemError) in
                        try file.file.allocate(.zeroKeepSize, offset: offset, length: 4096)
                    }
                ),
                (
                    "punch",
                    { offset throws(SystemError) in
                        try file.file.allocate(.punch, offset: offset, length: 4096)
                    }
                ),
                (
                    "truncate",
                    { offset throws(SystemError) in
                        try file.file.truncate(to: end - offset - 4096)
                    }
                ),
            ]
            for (name, call) in calls {
                var taken: [UInt64] = []
                for page in 0..<pages / 4 {
                    // Every second page, so that extents stay extents of more than one.
                    let offset = UInt64(page) * 8192
                    if isMapped {
                        let word = Int(name == "truncate" ? end - offset - 4096 : offset) / 8
                        _ = mapping.touch(word, count: 1, step: 1, storing: true, ticks: &ticks)
                    }
                    taken.append(try self.ticks(of: call, offset) - own)
                }
                counts.append(count("\(name) 4 KiB, \(isMapped ? "mapped" : "unmapped")", taken))
            }
        }
        return counts
    }

    private func count(_ name: String, _ ticks: [UInt64]) -> Count {
        let counts = ticks.map { UInt64((Double($0) / perInstruction).rounded()) }.sorted()
        var often: [UInt64: UInt64] = [:]
        for one in counts { often[one, default: 0] += 1 }
        let usual = often.max { ($0.value, $1.key) < ($1.value, $0.key) }
        return Count(
            name: name, usual: usual?.key ?? 0, share: usual?.value ?? 0, of: UInt64(counts.count),
            least: counts.first ?? 0, median: counts.isEmpty ? 0 : counts[counts.count / 2],
            most: counts.last ?? 0)
    }
}
