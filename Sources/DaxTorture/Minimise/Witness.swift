package import DaxConfig
package import DaxOperations
import DaxText

/// A few orders of a few actors on files that begin as described: what shows a bug, or is tried whether it
/// still does.
package struct Witness: Hashable, Sendable {
    /// The largest size of a file, in bytes.
    package var limit: UInt64
    package var files: [FileConfig]
    package var steps: [Step]
    package var pace: Pace
    /// The actors' names by their numbers in `steps`.
    package var names: [String]

    /// One order, whose it is, and when it was carried out where it was seen.
    package struct Step: Hashable, Sendable {
        package var actor: Int
        package var order: Order
        /// Nanoseconds since the epoch began.
        package var invoked: UInt64
        package var returned: UInt64

        package init(actor: Int, order: Order, invoked: UInt64, returned: UInt64) {
            (self.actor, self.order) = (actor, order)
            (self.invoked, self.returned) = (invoked, returned)
        }
    }

    /// How actors wait for each other.
    package enum Pace: String, CaseIterable, Hashable, Sendable {
        /// All orders are one actor's, in the order in which they were invoked.
        case sequence
        /// What had returned before an order was invoked has returned before it is invoked again (`after`).
        case after
        /// Each order at its time (`at`).
        case timed
        /// Nobody waits.
        case free
    }

    package init(
        limit: UInt64, files: [FileConfig], steps: [Step], pace: Pace, names: [String]
    ) {
        (self.limit, self.files, self.pace, self.names) = (limit, files, pace, names)
        self.steps = steps.sorted { ($0.invoked, $0.actor) < ($1.invoked, $1.actor) }
    }

    /// Cuts short the times in which nobody did anything.
    mutating func closeGaps() {
        var (busy, cut): (UInt64, UInt64) = (0, 0)
        for index in steps.indices {
            let start = steps[index].invoked
            if start > busy + Witness.longestGap { cut += start - busy - Witness.longestGap }
            busy = max(busy, steps[index].returned, start)
            steps[index].invoked -= cut
            steps[index].returned -= cut
        }
    }

    /// In nanoseconds.
    private static let longestGap: UInt64 = 100_000

    /// The actors that have orders.
    package var actors: [Int] { pace == .sequence ? [0] : Set(steps.map(\.actor)).sorted() }

    /// How actors may wait, the likeliest first: what is held by one concerns another who comes meanwhile.
    var likelyPaces: [Pace] {
        steps.contains { $0.order.verb.shape == .hold }
            ? [.timed, .after, .free, .sequence] : Pace.allCases
    }

    /// How much it is: "4 orders of 1 actor".
    package var told: String {
        func counted(_ count: Int, _ noun: String) -> String {
            "\(count) \(noun)\(count == 1 ? "" : "s")"
        }
        return counted(steps.count, "order") + " of " + counted(actors.count, "actor")
    }

    /// What each actor is to do, as steps of a config.
    package var scripts: [(name: String, steps: [String])] {
        var lists = Dictionary(uniqueKeysWithValues: actors.map { ($0, [String]()) })
        // By actor the orders that were rendered, with the step that each became.
        var rendered: [Int: [(returned: UInt64, step: Int)]] = [:]
        var awaited: [Int: [Int: Int]] = [:]
        for step in steps {
            let actor = pace == .sequence ? 0 : step.actor
            switch pace {
            case .sequence, .free: break
            case .timed:
                lists[actor]!.append("at \(TimeSpan(nanoseconds: step.invoked))")
            case .after:
                for other in actors where other != actor {
                    guard
                        let last = rendered[other]?.last(where: { $0.returned <= step.invoked }),
                        last.step > awaited[actor, default: [:]][other, default: 0]
                    else { continue }
                    awaited[actor, default: [:]][other] = last.step
                    lists[actor]!.append("after \(names[other]) \(last.step)")
                }
            }
            lists[actor]!.append(step.order.description)
            rendered[actor, default: []].append((step.returned, lists[actor]!.count))
        }
        return actors.map { (names[$0], lists[$0]!) }
    }

    /// The run that tries it: `base` with these files and scripts in place of its own.
    package func config(_ base: Config) -> Config {
        var config = base
        config.fs.fileSize = ByteSize(bytes: limit)
        config.fs.layout = .hole
        config.fs.files = UInt64(files.count)
        config.files = files
        let largest = max(8, steps.map(\.order.length).max() ?? 8)
        config.actors = scripts.filter { !$0.steps.isEmpty }.map { name, steps in
            ActorConfig(
                name: name, role: "script", max: ByteSize(bytes: max(4096, largest)),
                pause: TimeSpan(nanoseconds: 0), steps: steps)
        }
        config.actors.sort { $0.name < $1.name }
        return config
    }
}
