package import DaxConfig
import DaxModel
import DaxOperations
package import DaxReport
import DaxText

/// How much of an episode is tried, the least first: most bugs show in what touched one page shortly before.
package enum EpisodePart: CaseIterable, Sendable {
    /// The last few orders that touched the page, or the size.
    case page
    /// Those that touched what one PMD maps.
    case neighbourhood
    /// All on all files.
    case everything

    /// How many orders there are at the most, the latest.
    fileprivate var orders: Int {
        switch self {
        case .page: 40
        case .neighbourhood: 160
        case .everything: 480
        }
    }
}

extension Witness {
    /// A part of an episode of a run of `config`; nil where nothing of it can be said in steps.
    package init?(of episode: Episode, _ part: EpisodePart, in config: Config) {
        let page: UInt64 = 4096
        let pmd: UInt64 = 2 << 20
        let number = episode.files.firstIndex { $0.name == episode.violation.file }
        let copies = episode.actors.contains { actor in
            actor.orders.contains { (try? Order($0.step))?.verb.shape == .pair }
        }
        let size = config.fs.fileSize.bytes
        // What moves data between offsets keeps them all.
        let isWhole = part == .everything || number == nil || copies
        let first = isWhole ? 0 : episode.violation.offset / pmd * pmd
        let window = first..<(isWhole ? size : min(first + pmd, size))
        let here = episode.violation.offset / page * page
        // What copies moved to the page has been anywhere.
        let follows = part == .page && number != nil && copies
        let narrow = part == .page && number != nil && !copies ? here..<here + page : window
        let end = episode.end > 0 ? episode.end : UInt64.max

        var steps: [Step] = []
        var names: [String] = []
        for actor in episode.actors {
            let index = names.count
            names.append(Witness.name(actor.name))
            for one in actor.orders where one.invoked <= end && one.outcome != "interrupted" {
                guard var order = try? Order(one.step) else { continue }
                if number != nil && part != .everything && !follows && one.file != nil
                    && one.file != number.map({ UInt64($0) }) && order.verb.shape != .pair
                {
                    continue
                }
                guard order.fit(into: window, narrow, page: here) else { continue }
                steps.append(
                    Step(
                        actor: index, order: order, invoked: one.invoked, returned: one.returned))
            }
        }
        steps.sort { $0.invoked < $1.invoked }
        if let number, follows { steps = steps.leading(to: here / page, of: number) }
        steps = Array(steps.suffix(part.orders))
        guard let begin = steps.first?.invoked else { return nil }
        for index in steps.indices {
            steps[index].invoked -= begin
            steps[index].returned -= begin
        }
        let files = episode.files.enumerated().map { index, state in
            var file = FileConfig(name: "f\(index)")
            let end = min(max(state.size, window.lowerBound), window.upperBound)
            file.size = ByteSize(bytes: (end - window.lowerBound) / page * page)
            file.extents = state.extents.compactMap { $0.text(within: window) }
            // A file in thousands of pieces is told as one.
            if file.extents.count > 64 {
                file.extents = ["unwritten 0 \(ByteSize(bytes: UInt64(window.count)))"]
            }
            return file
        }
        self.init(
            limit: UInt64(window.count), files: files, steps: steps, pace: .sequence, names: names)
        closeGaps()
    }

    /// The trial that an episode has on a file of an actor's own; nil where it has none.
    package init?(trial episode: Episode) {
        var steps: [Step] = []
        for (actor, one) in episode.trial.enumerated() {
            for order in one.orders {
                guard let known = try? Order(order.step) else { continue }
                steps.append(
                    Step(
                        actor: actor, order: known, invoked: order.invoked, returned: order.returned
                    ))
            }
        }
        guard let begin = steps.map(\.invoked).min() else { return nil }
        for index in steps.indices {
            steps[index].invoked -= begin
            steps[index].returned -= begin
        }
        // What lies behind the end of file is of no concern, but a file has one size at least.
        let end = steps.map { $0.order.offset + $0.order.length }.max() ?? 0
        let files = Set(steps.map(\.order.file)).sorted().map { FileConfig(name: "f\($0)") }
        self.init(
            limit: max(64 << 10, (end + 0xffff) & ~0xffff), files: files, steps: steps,
            pace: .sequence,
            names: episode.trial.map(\.name))
        closeGaps()
    }

    /// "write 2" as a config's name.
    private static func name(_ name: String) -> String {
        String(name.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "-" })
    }
}

/// A page of a file.
private struct Place: Hashable {
    var file: Int
    var page: UInt64

    /// Those that an order has to do with.
    static func all(_ order: Order) -> [Place] {
        func places(_ file: Int, _ offset: UInt64) -> [Place] {
            (offset / 4096..<(offset + order.length + 4095) / 4096).map {
                Place(file: file, page: $0)
            }
        }
        let own = places(order.file, order.offset)
        return order.verb.shape == .pair
            ? own + places(order.source, order.sourceOffset) : own
    }
}

extension [Witness.Step] {
    /// Those, in the order of time, that have to do with a page of a file, or with one that shared what it
    /// held since, or gave it.
    fileprivate func leading(to page: UInt64, of file: Int) -> [Witness.Step] {
        var concerned: Set<Place> = [Place(file: file, page: page)]
        func touches(_ order: Order) -> Bool {
            switch order.verb.shape {
            case .range, .hold, .pair: !concerned.isDisjoint(with: Place.all(order))
            case .size, .file: concerned.contains { $0.file == order.file }
            case .filesystem, .ownHold, .time, .moment, .meeting, .predecessor, .repetition,
                .expectation:
                true
            }
        }
        for step in reversed() where step.order.verb.shape == .pair && touches(step.order) {
            concerned.formUnion(Place.all(step.order))
        }
        // What is done to a page that was copied from concerns the copy, if they share it.
        return filter { touches($0.order) }
    }
}

extension Order {
    /// Moves it to where `window` begins at 0, and cuts it to that; false where it has nothing to do with
    /// `narrow`. Of a read, which a step does of a page at the most, the part with `page` stays.
    fileprivate mutating func fit(
        into window: Range<UInt64>, _ narrow: Range<UInt64>, page: UInt64
    ) -> Bool {
        switch verb.shape {
        case .file, .filesystem, .ownHold: return true
        case .size:
            offset = min(max(offset, window.lowerBound), window.upperBound) - window.lowerBound
            return true
        case .pair:
            guard offset + length <= window.upperBound, sourceOffset + length <= window.upperBound
            else { return false }
            return true
        case .range, .hold:
            guard offset < narrow.upperBound, offset + length > narrow.lowerBound else {
                return false
            }
            var (low, high) = (
                max(offset, window.lowerBound), min(offset + length, window.upperBound)
            )
            let isRead = verb.reads || verb == .privateStore
            if isRead && high - low > 4096 {
                if (low..<high).contains(page) { low = page }
                high = min(high, low + 4096)
            }
            (offset, length) = (low - window.lowerBound, high - low)
            return length > 0
        case .time, .moment, .meeting, .predecessor, .repetition, .expectation: return false
        }
    }
}

extension EpisodeExtent {
    /// The part within `window` as a line of a file's table, counted from there.
    fileprivate func text(within window: Range<UInt64>) -> String? {
        let page: UInt64 = 4096
        let low = max(offset, window.lowerBound) / page * page
        let high = min(offset + length, window.upperBound) / page * page
        guard high > low else { return nil }
        let kind = state == .unwritten ? "unwritten" : "written"
        return "\(kind) \(ByteSize(bytes: low - window.lowerBound)) \(ByteSize(bytes: high - low))"
    }
}
