package import DaxConfig
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
        var orders: [Order]
        /// Nanoseconds between two steps.
        var pause: UInt64
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
    /// How many files they work on.
    let files: Int
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
        var actors: [Actor] = []
        for actor in config.actors where actor.count > 0 {
            guard actor.role == "script" else {
                throw ReproducerError(
                    "actor.\(actor.name) is a \(actor.role): only scripts say what they do")
            }
            var orders: [Order] = []
            for step in actor.steps {
                do { orders.append(try Order(step)) } catch {
                    throw ReproducerError("actor.\(actor.name): \(error)")
                }
            }
            for number in 1...actor.count {
                actors.append(
                    Actor(
                        name: number == 1 ? actor.name : "\(actor.name) \(number)",
                        function: "act_" + Reproducer.identifier(actor.name, "_"), orders: orders,
                        pause: actor.pause.nanoseconds))
            }
        }
        if config.fs.layout == .mixed {
            throw ReproducerError("fs.layout is mixed, which each seed has its own of")
        }
        let orders = actors.flatMap(\.orders)
        let touched = Reproducer.files(orders) { _ in true }
        let changed = Reproducer.files(orders, where: \.changes)
        idle = changed.isEmpty ? [] : touched.subtracting(changed).sorted()
        for index in actors.indices {
            actors[index].orders.removeAll { [idle] order in
                order.files.contains(where: idle.contains)
            }
        }
        actors.removeAll(where: \.orders.isEmpty)
        files = (changed.max() ?? touched.max() ?? 0) + 1
        self.actors = actors
        self.rounds = rounds ?? (actors.count > 1 ? 1000 : 10)
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

    var orders: [Order] { actors.flatMap(\.orders) }
}

/// Why a config cannot be a program.
package struct ReproducerError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
