package import DaxConfig
import DaxModel
import DaxOperations
import DaxText

/// A program in C, of no library but libc, that does what the scripts of a config do, in rounds, and says
/// whether what it saw can have come of it: what a bug report needs, and who fixes the bug.
package struct Reproducer: Sendable {
    /// One script, with its steps.
    struct Actor {
        /// As messages call it.
        var name: String
        /// Of its function in C.
        var function: String
        /// Each with its number in the config.
        var steps: [Step]
        /// Nanoseconds between two steps.
        var pause: UInt64

        /// Of which table it is one.
        var table: String
    }

    struct Step: Sendable {
        var number: Int
        var order: Order
    }

    let config: Config
    let promises: [Promise]
    /// What the config says of itself in its first comment, a paragraph each.
    let comment: [String]
    /// What the program is called.
    let name: String
    let rounds: UInt64
    /// Those with several of a kind are here so often.
    let actors: [Actor]
    /// The numbers of the files that they work on, from 0.
    let files: Range<Int>
    /// What gives the files the extents of their tables, before the first step.
    let setup: [Order]
    /// Whether it is to show that something is not written back, or not waited for (R11).
    let isAboutDurability: Bool
    /// The files that nothing changes, the steps on which were left out: they let a run see what each must
    /// have seen to be called clean, and show nothing.
    let idle: [Int]

    /// What `config` does, whose text is `text`. Throws where it is more than scripts.
    package init(
        _ config: Config, promises: [Promise], text: String, name: String, rounds: UInt64? = nil
    ) throws(ReproducerError) {
        self.config = config
        self.promises = promises
        self.name = Reproducer.identifier(name, "-")
        comment = Reproducer.comment(of: text)
        isAboutDurability = text.split(separator: "\n").contains {
            $0.hasPrefix("#") && $0.contains("\(Rule.durability)")
        }
        var actors: [Actor] = []
        for actor in config.actors where actor.count > 0 {
            guard actor.role == "script" else {
                throw ReproducerError(
                    "actor.\(actor.name) is a \(actor.role): only scripts say what they do")
            }
            var steps: [Step] = []
            for (index, step) in actor.steps.enumerated() {
                do { steps.append(Step(number: index + 1, order: try Order(step))) } catch {
                    throw ReproducerError("actor.\(actor.name): \(error)")
                }
            }
            for number in 1...actor.count {
                actors.append(
                    Actor(
                        name: number == 1 ? actor.name : "\(actor.name) \(number)",
                        function: "act_" + Reproducer.identifier(actor.name, "_"), steps: steps,
                        pause: actor.pause.nanoseconds, table: actor.name))
            }
        }
        if config.fs.layout == .mixed {
            throw ReproducerError("fs.layout is mixed, which each seed has its own of")
        }
        let orders = actors.flatMap { $0.steps.map(\.order) }
        let touched = Reproducer.files(orders) { _ in true }
        let changed = Reproducer.files(orders, where: \.changes)
        // What waits for a step, or expects something of it, needs it.
        let isFree = !orders.contains { $0.verb == .after || $0.verb == .expect }
        idle = changed.isEmpty || !isFree ? [] : touched.subtracting(changed).sorted()
        for index in actors.indices {
            actors[index].steps.removeAll { [idle] step in
                step.order.files.contains(where: idle.contains)
            }
        }
        actors.removeAll(where: \.steps.isEmpty)
        self.actors = actors
        let shared = config.files.flatMap(\.extents).compactMap { StartingExtent($0)?.source }
        files = 0..<(touched.subtracting(idle).union(shared).max() ?? 0) + 1
        setup = Reproducer.setup(config, files)
        self.rounds = rounds ?? config.run.rounds ?? (actors.count > 1 ? 1000 : 10)
        // A stamp has 20 bits for the step, and 28 for the word.
        let most = actors.map(\.length).reduce(UInt64(setup.count), +)
        if most >= 1 << (isSequence ? 20 : 12) {
            throw ReproducerError("\(most) steps in a round are too many to keep what each saw")
        }
        if let complaint = writebackComplaint { throw ReproducerError(complaint) }
        if reach > 1 << 31 { throw ReproducerError("its steps reach beyond 2GiB") }
    }

    private static func files(_ orders: [Order], where suits: (Order) -> Bool) -> Set<Int> {
        Set(orders.filter(suits).flatMap(\.files))
    }

    /// A name of letters, digits and `filler`.
    private static func identifier(_ name: String, _ filler: String) -> String {
        name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : filler }.joined()
    }

    /// The paragraphs of the comment that `text` begins with; what a line says of a fix is one of its own.
    private static func comment(of text: String) -> [String] {
        var paragraphs = [""]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false)
            .prefix(while: { $0.hasPrefix("#") })
        {
            // Rules have their names here alone, and no comment of C holds its own end.
            let line = Layout.printable(String(line.dropFirst().drop { $0 == " " }))
                .replacing(/\ \(R[0-9]+\)/, with: "").replacing("*/", with: "* /")
            if line.isEmpty || line.hasPrefix("Fix: ") || line.hasPrefix("Affected: ") {
                paragraphs.append(line)
            } else {
                paragraphs[paragraphs.count - 1] += paragraphs.last!.isEmpty ? line : " " + line
            }
        }
        return paragraphs.filter { !$0.isEmpty }
    }

    /// All that is done to files, and when.
    var orders: [Order] { setup + actors.flatMap { $0.steps.map(\.order) } }
}

/// Why a config cannot be a program.
package struct ReproducerError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
