package import DaxConfig
import DaxModel
import DaxOperations
package import DaxReport
import DaxText

extension Witness {
    /// All kinds of orders that an episode has, each an actor's that makes it again and again on a few pages
    /// of one file: how a race shows that nobody knows the page of. Nil where there are no two kinds.
    ///
    /// What works on two files, and what takes longer than many others together, is left out.
    package init?(storm episode: Episode, in config: Config) {
        var counts: [Order.Verb: Int] = [:]
        for one in episode.actors.flatMap(\.orders) where one.outcome != "interrupted" {
            guard let verb = (try? Order(one.step))?.verb, verb.suitsStorms else { continue }
            counts[verb, default: 0] += 1
        }
        // The most usual ones, in an order that does not depend on chance.
        let verbs = counts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
            .prefix(Storm.actors).map(\.key)
        guard verbs.count > 1 else { return nil }
        var steps: [Step] = []
        for turn in 0..<Storm.turns {
            for (actor, verb) in verbs.enumerated() {
                let instant = UInt64(turn * verbs.count + actor) * 1000
                steps.append(
                    Step(
                        actor: actor, order: verb.storming(turn), invoked: instant,
                        returned: instant))
            }
        }
        var file = FileConfig(name: "f0")
        file.size = ByteSize(bytes: Storm.bytes)
        self.init(
            limit: Storm.bytes, files: [file], steps: steps, pace: .free,
            names: verbs.map { $0.rawValue.replacing("_", with: "-") })
    }

    private enum Storm {
        static let actors = 8
        /// Orders of each actor.
        static let turns = 48
        /// Of the file.
        static let bytes: UInt64 = 64 << 10
    }
}

extension Order.Verb {
    /// Whether it is made in a storm.
    fileprivate var suitsStorms: Bool {
        switch self {
        case .store, .load, .faultStore, .faultLoad, .write, .read, .pwrite, .pread, .directWrite,
            .directRead, .syncWrite, .punch, .zero, .allocate, .collapse, .truncate, .mmap, .pin,
            .unmappedPin:
            true
        case .privateStore, .privateLoad, .persist, .msync, .syncRange, .allocateKeepSize,
            .unshare, .fsync, .reopen, .clone, .copy, .dedupe, .exchange, .syncfs, .dropCaches,
            .privatePin, .heldRead, .heldWrite, .syncFaults, .insert, .pause, .at, .meet, .after,
            .repeat, .expect:
            false
        }
    }

    /// The order that its actor makes in that turn: of words of the first pages, of all of them, or of the
    /// whole file.
    fileprivate func storming(_ turn: Int) -> Order {
        let page: UInt64 = 4096
        var order = Order(self)
        switch shape {
        case .size: order.offset = turn % 2 == 0 ? 0 : 64 << 10
        case .range where self == .allocate: order.length = 64 << 10
        case .range where self == .collapse: order.length = page
        case .range where kinds.contains { $0.traits.parts == .zeroing }: order.length = 4 * page
        case .range where kinds.contains { $0.traits.reference == .stamps } && !isAccess:
            order.length = 4 * page
        case .range, .hold:
            (order.offset, order.length) = (UInt64(turn % 4) * page, 8)
            if shape == .hold { order.nanoseconds = 1_000_000 }
        case .file, .pair, .filesystem, .ownHold, .time, .moment, .meeting, .predecessor,
            .repetition, .expectation:
            break
        }
        return order
    }

    private var isAccess: Bool { self == .store || self == .faultStore }
}
