import DaxSystem
import Histogram
import Synchronization

/// What one point came to.
package struct PointResult: Sendable {
    package var point: BenchPoint
    /// Faults a second in each pass, of all threads together.
    package var rates: [Double] = []
    /// Nanoseconds that a fault took: p50, p90, p99, p99.9, p99.99 and the most.
    package var latencies: [UInt64] = []
    /// Calls a second that were made beside, in each pass.
    package var changes: [Double] = []

    /// The percentiles of `latencies`.
    package static let percentiles = [50, 90, 99, 99.9, 99.99, 100]

    init(_ point: BenchPoint) { self.point = point }
}

/// Measures the page faults of one point: threads wait for each other, then touch each page of their range
/// once; between two passes pages are unmapped, and the file is made what the faults are to find.
package struct FaultBench {
    private let point: BenchPoint
    private let files: [BenchFile]
    private let workers: [Worker<Toucher>]
    private let gate = Gate()
    private let ticksPerSecond: Double

    /// A thread's mapping, and what its touches took.
    final class Toucher {
        let mapping: Mapping
        var ticks: Buffer
        var begin: UInt64 = 0
        var end: UInt64 = 0
        /// Touches that were not made: someone cut the file.
        var missed = 0

        init(mapping: consuming Mapping, touches: Int) {
            self.mapping = mapping
            ticks = Buffer(words: touches)
        }
    }

    /// Lets threads begin at one time.
    final class Gate: Sendable {
        let isOpen = Atomic(false)
    }

    package init(_ point: BenchPoint, in directory: String, ticksPerSecond: Double) throws {
        (self.point, self.ticksPerSecond) = (point, ticksPerSecond)
        let (range, threads) = (point.size.range, point.threads)
        let isOne = point.sharing != .fileEach
        let bytes = point.sharing == .disjoint ? range * threads : range
        let files = try (0..<(isOne ? 1 : threads)).map { number in
            try BenchFile(
                "\(directory)/bench\(number)", bytes: bytes, written: !point.path.needsHole)
        }
        self.files = files
        let cpus = try Processors.allowed()
        let gate = gate
        var workers: [Worker<Toucher>] = []
        for thread in 0..<threads {
            let file = files[isOne ? 0 : thread]
            let offset = point.sharing == .disjoint ? thread * range : 0
            do {
                workers.append(
                    try FaultBench.worker(
                        thread, point, file, offset, on: cpus[thread % cpus.count], gate))
            } catch {
                for worker in workers { worker.end() }
                throw error
            }
        }
        self.workers = workers
    }

    /// A thread on CPU `cpu` that touches the range of `file` which begins at `offset`, in bytes, in each round.
    private static func worker(
        _ thread: Int, _ point: BenchPoint, _ file: BenchFile, _ offset: Int, on cpu: Int,
        _ gate: Gate
    ) throws -> Worker<Toucher> {
        let (size, faults) = (point.size, point.size.faults)
        return try Worker(
            "touch \(thread)",
            make: {
                try Processors.pin(to: cpu)
                return Toucher(
                    mapping: try Mapping(
                        file.file, offset: UInt64(offset), bytes: size.range, sharing: .shared,
                        placement: .shifted(pages: size == .pmd ? 0 : 1)),
                    touches: faults)
            },
            round: { toucher in
                while !gate.isOpen.load(ordering: .acquiring) {}
                toucher.begin = Clock.ticks()
                let touched = toucher.mapping.touch(
                    0, count: faults, step: size.bytes / 8, storing: point.path.isStore,
                    ticks: &toucher.ticks)
                toucher.end = Clock.ticks()
                toucher.missed = faults - touched.done
            })
    }

    /// Measures `passes` passes, after one that is not counted.
    package func run(passes: Int) throws -> PointResult {
        // One that hangs in the kernel is left there.
        defer {
            for worker in workers { if worker.isIdle { worker.end() } else { worker.abandon() } }
        }
        var result = PointResult(point)
        var histogram = Histogram<UInt64>(
            highestTrackableValue: 1 << 40, numberOfSignificantValueDigits: .three)
        for pass in 0...passes {
            try prepare()
            gate.isOpen.store(false, ordering: .releasing)
            let changer = try Changer(files[0], point.beside)
            for worker in workers { worker.start() }
            // Until all of them spin.
            Clock.sleep(nanoseconds: 2_000_000)
            changer?.start()
            gate.isOpen.store(true, ordering: .releasing)
            let areDone = workers.allSatisfy { $0.wait(nanoseconds: FaultBench.patience) }
            let changes = try changer?.stop() ?? 0
            guard areDone else { throw BenchError.hangs(point) }
            if pass > 0 { add(changes, to: &result, &histogram) }
        }
        result.latencies = PointResult.percentiles.map {
            UInt64(Double(histogram.valueAtPercentile($0)) * 1e9 / ticksPerSecond)
        }
        return result
    }

    /// How long a pass may take, in nanoseconds.
    fileprivate static let patience: UInt64 = 120_000_000_000

    private func add(
        _ changes: Int, to result: inout PointResult, _ histogram: inout Histogram<UInt64>
    ) {
        var (begin, end, touches) = (UInt64.max, UInt64.min, 0)
        for worker in workers {
            let (first, last, ticks) = worker.withValue { toucher in
                let done = toucher.ticks.count - toucher.missed
                return (toucher.begin, toucher.end, (0..<done).map { toucher.ticks[$0] })
            }
            (begin, end) = (min(begin, first), max(end, last))
            touches += ticks.count
            for one in ticks { histogram.record(one) }
        }
        let seconds = Double(end - begin) / ticksPerSecond
        result.rates.append(Double(touches) / seconds)
        result.changes.append(Double(changes) / seconds)
    }

    private func prepare() throws {
        for file in files { try file.prepare(for: point.path) }
        for worker in workers {
            try worker.withValue { toucher in
                try toucher.mapping.dontNeed(0..<toucher.mapping.count)
                guard point.path == .writeProtected else { return }
                _ = toucher.mapping.touch(
                    0, count: point.size.faults, step: point.size.bytes / 8, storing: false,
                    ticks: &toucher.ticks)
            }
        }
    }
}

/// Why nothing could be measured.
package enum BenchError: Error, CustomStringConvertible {
    case hangs(BenchPoint)

    package var description: String {
        switch self {
        case .hangs(let point): "\(point.path.rawValue) by \(point.threads) threads does not end"
        }
    }
}

/// A thread that changes a file until it is stopped.
private final class Changer {
    private let worker: Worker<Int>
    private let isStopped: Stop

    private final class Stop: Sendable {
        let flag = Atomic(false)
        let failed = Atomic(false)
    }

    init?(_ file: BenchFile, _ beside: Beside) throws {
        guard beside != .nobody else { return nil }
        let stop = Stop()
        isStopped = stop
        worker = try Worker(
            "change", make: { 0 },
            round: { count in
                while !stop.flag.load(ordering: .relaxed) {
                    guard let calls = try? file.change(beside, count) else {
                        stop.failed.store(true, ordering: .relaxed)
                        return
                    }
                    count += calls
                }
            })
    }

    func start() { worker.start() }

    /// How many calls it made.
    func stop() throws -> Int {
        isStopped.flag.store(true, ordering: .relaxed)
        guard worker.wait(nanoseconds: FaultBench.patience) else {
            worker.abandon()
            throw SystemError("fallocate beside faults", code: 110)
        }
        let count = worker.withValue { $0 }
        worker.end()
        if isStopped.failed.load(ordering: .relaxed) {
            throw SystemError("fallocate beside faults", code: 28)
        }
        return count
    }
}
