import DaxConfig
import DaxOperations
import DaxText

/// Makes a witness smaller as long as it shows what it is to show: delta debugging (Zeller and Hildebrandt,
/// "Simplifying and Isolating Failure-Inducing Input", 2002) over its orders, then simpler orders, files
/// and waits.
///
/// What is tried is decided by the outcomes alone, so that equal outcomes give an equal result.
package struct Minimiser {
    /// What came of trying a witness.
    package enum Outcome: Sendable {
        case shows
        case hides
        /// Nothing more is to be tried.
        case stop
    }

    /// The smallest that showed it; nil before one has.
    package private(set) var best: Witness?
    /// How many were tried.
    package private(set) var tried = 0
    private var isStopped = false
    private let test: (Witness) -> Outcome
    private let improved: (Witness, Int) -> Void

    /// - Parameters:
    ///   - test: tries a witness.
    ///   - improved: gets each that is better than all before, and how many were tried.
    package init(
        test: @escaping (Witness) -> Outcome,
        improved: @escaping (Witness, Int) -> Void = { _, _ in }
    ) {
        (self.test, self.improved) = (test, improved)
    }

    /// Tries `start` in the ways in which it may show at all, the simplest first, and makes the first
    /// that does smaller. False where none does.
    package mutating func run(_ start: Witness) -> Bool {
        guard show(start) else { return false }
        var before: Witness?
        while before != best && !isStopped {
            before = best
            // Small files make all that follows faster.
            simplifyFiles()
            dropActors()
            dropOrders()
            untangle()
            simplifyOrders()
        }
        return true
    }

    private mutating func show(_ start: Witness) -> Bool {
        for files in Minimiser.beginnings(start) {
            for pace in start.likelyPaces {
                var one = start
                (one.pace, one.files) = (pace, files)
                if accept(one) { return true }
                if isStopped { return false }
            }
        }
        return false
    }

    /// What the files may have begun with: as they were; all written; all unwritten.
    private static func beginnings(_ start: Witness) -> [[FileConfig]] {
        func each(_ extents: (FileConfig) -> [String]) -> [FileConfig] {
            start.files.map { file in
                var file = file
                file.extents = extents(file)
                return file
            }
        }
        let whole = ByteSize(bytes: start.limit)
        var all = [start.files]
        for one in [each { _ in ["written 0 \(whole)"] }, each { _ in ["unwritten 0 \(whole)"] }]
        where !all.contains(one) { all.append(one) }
        return all
    }

    /// Tries a witness that would be better than the best so far, and takes it if it shows.
    private mutating func accept(_ witness: Witness) -> Bool {
        guard !isStopped, witness != best, !witness.steps.isEmpty else { return false }
        tried += 1
        switch test(witness) {
        case .hides: return false
        case .stop:
            isStopped = true
            return false
        case .shows:
            best = witness
            improved(witness, tried)
            return true
        }
    }

    private mutating func tryChanging(_ change: (inout Witness) -> Void) -> Bool {
        guard var changed = best else { return false }
        change(&changed)
        return accept(changed)
    }

    // MARK: - Fewer

    private mutating func dropActors() {
        for actor in best?.actors ?? [] where best?.actors.count ?? 0 > 1 {
            _ = tryChanging { $0.steps.removeAll { $0.actor == actor } }
        }
    }

    /// ddmin: leaves out chunks, the largest first, until no single order can be left out.
    private mutating func dropOrders() {
        var parts = 2
        while let best, best.steps.count > 1, !isStopped {
            let count = best.steps.count
            let size = (count + parts - 1) / parts
            var dropped = false
            // From the end: what comes after the violation is of no use.
            for start in stride(from: 0, to: count, by: size).reversed() {
                let range = start..<min(start + size, count)
                if tryChanging({ $0.steps.removeSubrange(range) }) {
                    dropped = true
                    break
                }
                if isStopped { return }
            }
            if dropped {
                parts = max(2, parts - 1)
            } else if size == 1 {
                return
            } else {
                parts = min(count, 2 * parts)
            }
        }
    }

    /// One actor where several are not needed, and fewer waits.
    private mutating func untangle() {
        guard let pace = best?.pace, pace != .sequence else { return }
        if tryChanging({ $0.pace = .sequence }) { return }
        if pace == .timed { _ = tryChanging { $0.pace = .after } }
        // What is held must be met: a program's threads begin at other times than a run's actors.
        let holds = best?.steps.contains { $0.order.verb.shape == .hold } ?? false
        if best?.pace != .free && !holds { _ = tryChanging { $0.pace = .free } }
    }

    // MARK: - Simpler

    private mutating func simplifyOrders() {
        var index = 0
        while let best, index < best.steps.count, !isStopped {
            for simpler in best.steps[index].order.simpler {
                if tryChanging({ $0.steps[index].order = simpler }) || isStopped { break }
            }
            index += 1
        }
    }

    private mutating func simplifyFiles() {
        while let best, let last = best.files.indices.last, last > 0,
            !best.steps.contains(where: { $0.order.names(file: last) }),
            tryChanging({ $0.files.removeLast() })
        {}
        guard let files = best?.files else { return }
        for index in files.indices {
            if files[index].extents.isEmpty { continue }
            if tryChanging({ $0.files[index].extents = [] }) { continue }
            for line in files[index].extents.indices.reversed() {
                _ = tryChanging { witness in
                    guard line < witness.files[index].extents.count else { return }
                    witness.files[index].extents.remove(at: line)
                }
            }
        }
        moveDown()
        for size in [64 << 10, 256 << 10, 1 << 20, 2 << 20, 4 << 20] as [UInt64] {
            guard let best, size < best.limit else { break }
            if tryChanging({ $0.shrink(to: size) }) { break }
        }
    }

    /// Has the ranges of a file begin at its beginning.
    private mutating func moveDown() {
        guard let best, let least = best.firstPage, least > 0 else { return }
        _ = tryChanging { $0.move(downBy: least) }
    }
}
