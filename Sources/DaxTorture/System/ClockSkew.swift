import Synchronization

/// How far the time-stamp counters of a machine's CPUs are apart, as far as that can be proven.
///
/// docs/clock.md says why the bounds hold.
package struct ClockSkew: Hashable, Sendable {
    /// By how many ticks a counter is ahead of another: neither less nor more than this. Where `least`
    /// is the greater, the difference did not stay the same while it was measured.
    package struct Bounds: Hashable, Sendable {
        package var least: Int64
        package var greatest: Int64

        package init(least: Int64 = .min, greatest: Int64 = .max) {
            self.least = least
            self.greatest = greatest
        }

        /// The other counter gave `answered` after this one had given `asked`, and before it gave
        /// `seen`.
        package mutating func narrow(asked: UInt64, answered: UInt64, seen: UInt64) {
            least = max(least, Int64(bitPattern: answered &- seen))
            greatest = min(greatest, Int64(bitPattern: answered &- asked))
        }

        /// Whether so many ticks lie between both ends that nothing but a thread that waited for its CPU
        /// explains it: some microseconds.
        var isWide: Bool { greatest.subtractingReportingOverflow(least).partialValue > 20_000 }

        /// Whether one difference is within both.
        func meets(_ other: Bounds) -> Bool {
            max(least, other.least) <= min(greatest, other.greatest)
        }
    }

    /// The other CPUs' counters, compared with the first one's.
    package let ahead: [Int: Bounds]

    package init(ahead: [Int: Bounds]) { self.ahead = ahead }

    /// By how many ticks the counters of any two CPUs are apart at most, by way of the first.
    package var bound: UInt64 {
        let all = [Bounds(least: 0, greatest: 0)] + ahead.values
        var bound: Int64 = 0
        for (index, one) in all.enumerated() {
            for (other, two) in all.enumerated() where other != index {
                bound = max(bound, one.greatest - two.least)
            }
        }
        return UInt64(bound)
    }

    /// A CPU whose counter cannot have kept its distance through this measurement and `later`, another;
    /// nil if all may have.
    package func moved(until later: ClockSkew) -> Int? {
        ahead.sorted { $0.key < $1.key }.first { cpu, bounds in
            let now = later.ahead[cpu] ?? bounds
            return !(bounds.meets(bounds) && now.meets(now) && bounds.meets(now))
        }?.key
    }
}

extension ClockSkew {
    /// Nanoseconds that comparing all CPUs takes, if the machine is idle.
    private static let budget: UInt64 = 40_000_000
    /// How many times as long it goes on where two threads seem never to have run at once, as on a busy
    /// host that emulates the machine.
    private static let deadline: UInt64 = 25
    /// What it takes to meet two threads that nobody interrupts.
    private static let leastRounds: UInt64 = 64

    /// Compares the counters of all CPUs that this process may run on with that of the first of them.
    ///
    /// Throws where threads cannot be kept on their CPUs.
    package static func measure() throws -> ClockSkew {
        let cpus = try Processors.allowed()
        guard let first = cpus.first, cpus.count > 1 else { return ClockSkew(ahead: [:]) }
        let span = budget / UInt64(cpus.count - 1)
        var ahead: [Int: Bounds] = [:]
        for cpu in cpus.dropFirst() { ahead[cpu] = try compare(first, cpu, for: span) }
        return ClockSkew(ahead: ahead)
    }

    /// What the counter of `other` is ahead of that of `first`.
    private static func compare(_ first: Int, _ other: Int, for span: UInt64) throws -> Bounds {
        let line = Line()
        let answering = try Worker(
            "clock \(other)", make: { try Processors.pin(to: other) }, round: { _ in line.answer() }
        )
        defer { answering.end() }
        let asking = try Worker(
            "clock \(first)",
            make: { () throws -> Bounds in
                try Processors.pin(to: first)
                return Bounds()
            },
            round: { $0 = line.ask(for: span) })
        defer { asking.end() }
        answering.start()
        asking.start()
        while !asking.wait(nanoseconds: 1_000_000_000) {}
        while !answering.wait(nanoseconds: 1_000_000_000) {}
        return asking.withValue { $0 }
    }

    /// What two threads pass to and fro.
    private final class Line: Sendable {
        private let asked = Atomic<UInt64>(0)
        private let answered = Atomic<UInt64>(0)
        private let counter = Atomic<UInt64>(0)
        private static let end = UInt64.max

        /// Asks for the other CPU's counter, round by round.
        func ask(for span: UInt64) -> Bounds {
            var bounds = Bounds()
            let begin = Clock.monotonicNanoseconds()
            var round: UInt64 = 0
            while true {
                let passed = Clock.monotonicNanoseconds() - begin
                let isOver = passed >= (bounds.isWide ? deadline : 1) * span
                if isOver && round >= leastRounds { break }
                round += 1
                let before = Clock.ticks()
                asked.store(round, ordering: .releasing)
                while answered.load(ordering: .acquiring) != round {}
                let after = Clock.ticks()
                bounds.narrow(
                    asked: before, answered: counter.load(ordering: .relaxed), seen: after)
            }
            asked.store(Line.end, ordering: .releasing)
            return bounds
        }

        /// Answers until nobody asks any more.
        func answer() {
            var done: UInt64 = 0
            while true {
                let round = asked.load(ordering: .acquiring)
                if round == Line.end { return }
                if round == done { continue }
                counter.store(Clock.ticks(), ordering: .relaxed)
                answered.store(round, ordering: .releasing)
                done = round
            }
        }
    }
}
