import DaxModel
import DaxOracle
import TestSupport

/// A file in memory on which several actors act at once, one small step at a time in random order,
/// as they would on a real DAX filesystem: it holds what ext4 and xfs promise, and no more.
///
/// - A mapping reaches a page's words without a lock while the page is mapped. Its first touch is
///   a fault: it waits while the page cache is being changed, then looks at the size.
/// - Calls take the inode's lock: reads together, all else alone.
/// - A truncate sets the size first and takes the mappings away later, page by page.
/// - Bulk copies and memsets go byte by byte.
///
/// What it does is legal by construction, unless it has been given a `Defect`.
struct ReferenceFile {
    var words = [UInt64](repeating: 0, count: Int(Program.words))
    var size: UInt64
    var isMapped = [Bool](repeating: false, count: Int(Program.pages))
    /// Who holds the inode's lock alone; how many hold it together.
    var owner: Int?
    var readers = 0
    /// Whether faults must wait.
    var isInvalidating = false
    var clock: UInt64 = 1
    var random: Random
    var semantics: Semantics
    var actors: [Actor]
    var defect: Defect?
    /// What a defect keeps for later: words to put back, and when.
    var later: [(due: UInt64, word: Int, value: UInt64)] = []
    /// The content before the last change, for stale reads.
    var older: [UInt64]
    /// Whether the defect had its chance.
    var struck = false

    struct Actor {
        var orders: [(index: UInt32, order: Program.Order)] = []
        var next = 0
        var sequence: UInt32 = 0
        var running: Running?
    }

    /// An order being carried out.
    struct Running {
        var order: Program.Order
        var operation: Operation
        var invoked: UInt64
        var sequence: UInt32
        var steps: [Step]
        var at = 0
        var found: [UInt64] = []
        /// Words done, and bytes of the next one.
        var done = 0
        var partial: UInt64 = 0
        var fault = AccessOutcome.succeeded
        var ended = false
        var result = CallResult.done
        var seenSize: UInt64 = 0
        /// The byte at which a seek found what it looks for.
        var place: UInt64?
    }

    init(_ program: Program, defect: Defect? = nil) {
        size = program.initialSize
        random = Random(seed: program.schedule)
        for word in 0..<Int(size / 8) where random.chance(3, in: 4) {
            words[word] = Make.stamp(200, 1, UInt64(word))
        }
        older = words
        semantics = Semantics(
            file: 0, words: ContiguousArray(words[..<Int(size / 8)]), size: size)
        actors = [Actor](repeating: Actor(), count: Program.actors)
        for (index, order) in program.orders.enumerated() {
            var order = order
            // Else few writes fail, and what one leaves is mostly covered before anybody looks.
            if defect == .failedWriteGrows, case .write = order.call, order.choices & 1024 != 0 {
                order.failsAfter = 0
            }
            actors[order.actor.index].orders.append((UInt32(index), order))
        }
        self.defect = defect
    }

    /// Carries the program out and tells its history, which ends with an audit.
    static func history(of program: Program, defect: Defect? = nil) -> History {
        var file = ReferenceFile(program, defect: defect)
        file.run()
        return file.semantics.history()
    }

    mutating func run() {
        while let actor = pick() {
            clock += random.below(3)
            if actors[actor].running == nil { invoke(actor) } else { step(actor) }
            putBack()
        }
        clock += 10
        for entry in later where entry.word < Int(size / 8) { words[entry.word] = entry.value }
        audit()
    }

    /// Some actor with something left to do.
    private mutating func pick() -> Int? {
        let first = random.below(actors.count)
        for turn in 0..<actors.count {
            let actor = (first + turn) % actors.count
            if actors[actor].running != nil || actors[actor].next < actors[actor].orders.count {
                return actor
            }
        }
        return nil
    }

    private mutating func invoke(_ actor: Int) {
        let (index, order) = actors[actor].orders[actors[actor].next]
        actors[actor].next += 1
        actors[actor].sequence += 1
        actors[actor].running = Running(
            order: order, operation: Make.operation(order.actor, index), invoked: clock,
            sequence: actors[actor].sequence, steps: Step.first(of: order))
    }

    private mutating func audit() {
        let words = Int(size / 8)
        for path in 0..<2 {
            let invoked = clock
            clock += 5
            let found = self.words[..<words]
            let interval = Make.interval(invoked, clock)
            let operation = Make.operation(0, UInt32(path))
            if path == 0 {
                semantics.load(operation, at: 0, values: found, over: interval)
            } else {
                semantics.read(
                    operation, at: 0, count: Int(Program.words), values: found, over: interval)
            }
            clock += 1
        }
        semantics.status(Make.operation(0, 2), size: size, over: Make.interval(clock, clock))
    }
}
