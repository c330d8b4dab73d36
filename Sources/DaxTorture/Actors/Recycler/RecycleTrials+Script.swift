import DaxModel
import DaxOperations
import DaxSystem

/// A trial on a recycled file as orders on files under test, from which `daxtorture minimise` begins.
extension RecycleTrials {
    /// The trial so far, as far as it concerns the page of word `word`, which was seen in the file or in its
    /// next owner; empty where no script can do it.
    func script(_ word: Int, nextOwners: Bool) -> [TrialStep] {
        // Before an insert a script itself has to see to the file's size.
        guard own.change != .fallocate(.insert) else { return [] }
        var steps: [TrialStep] = []
        let records = context.log.records[min(own.trial, context.log.records.count)...]
        guard let length = records.first?.length else { return [] }
        let hasHole = records.contains { $0.kind == .partialPunchLoad }
        let pages = pagesNear(
            word, hasHole ? own.hole : 0..<0, of: Int(length) / Page.bytes)
        for (index, record) in records.enumerated() {
            let interval = record.interval
            func add(_ verb: Order.Verb, file: Int = 0, _ offset: UInt64, _ length: UInt64 = 0) {
                steps.append(TrialStep(order(verb, file: file, offset, length), interval))
            }
            if record.kind == .create {
                if index == 0 {
                    steps += making(length, pages, interval)
                } else {
                    add(.truncate, record.length)
                }
            } else if record.kind == .ownLoad {
                let isLast = index == records.count - 1
                let verb = record.path == .mapping ? Order.Verb.load : .pread
                for page in pages {
                    add(verb, file: isLast && nextOwners ? 1 : 0, page, UInt64(Page.bytes))
                }
            } else if record.kind == .partialPunchLoad || record.kind == .shiftedLoad {
                steps += change(interval)
                // The sweep goes over them many times.
                for _ in 0..<8 {
                    for page in pages {
                        let touch = order(own.isStoring ? .store : .load, page, 8)
                        steps.append(TrialStep(touch, interval, isBeside: true))
                    }
                }
            } else {
                steps.append(TrialStep(holding(record, word), interval, isBeside: true))
                // The rest is the kernel's to do when the holder has begun.
                let span = interval.returned.ticks - interval.invoked.ticks
                let begun = Interval(
                    Timestamp(ticks: interval.invoked.ticks + span / 8), interval.returned)
                let chain = [
                    order(.fsync, 0), order(.pwrite, file: 1, 0, length), order(.fsync, file: 1, 0),
                ]
                steps += change(begun, length) + chain.map { TrialStep($0, begun) }
            }
        }
        return steps
    }

    /// The beginnings of the pages around that of `word`, and of those in which the hole begins and ends.
    private func pagesNear(_ word: Int, _ hole: Range<Int>, of count: Int) -> [UInt64] {
        let page = word / Page.words
        var near = [page - 1, page, page + 1]
        if let last = hole.last { near += [hole.lowerBound / Page.words, last / Page.words] }
        return Set(near).filter { (0..<count).contains($0) }.sorted().map {
            UInt64($0 * Page.bytes)
        }
    }

    private func order(
        _ verb: Order.Verb, file: Int = 0, _ offset: UInt64, _ length: UInt64 = 0
    ) -> Order {
        var order = Order(verb)
        (order.file, order.offset, order.length) = (file, offset, length)
        return order
    }

    /// What is written as a trial begins: all, or every second page.
    private func making(_ length: UInt64, _ pages: [UInt64], _ interval: Interval) -> [TrialStep] {
        guard own.isSparse else { return [TrialStep(order(.pwrite, 0, length), interval)] }
        let size = UInt64(Page.bytes)
        let written = pages.filter { $0 / size % 2 == 0 }.map { order(.pwrite, $0, size) }
        return (written + [order(.truncate, length)]).map { TrialStep($0, interval) }
    }

    /// The change of blocks, of the first `length` bytes where the trial has no hole.
    private func change(_ interval: Interval, _ length: UInt64 = 0) -> [TrialStep] {
        let hole =
            length > 0
            ? (offset: 0, length: length)
            : (offset: UInt64(own.hole.lowerBound) * 8, length: UInt64(own.hole.count) * 8)
        let orders: [RingOperation.Kind: Order] = [
            .empty: order(.truncate, 0),
            .fallocate(.punch): order(.punch, hole.offset, hole.length),
            .fallocate(.zeroKeepSize): order(.zero, hole.offset, hole.length),
            .fallocate(.collapse): order(.collapse, 0, UInt64(max(0, own.shift)) * 8),
        ]
        return orders[own.change].map { [TrialStep($0, interval)] } ?? []
    }

    /// What holds the block of `word` while it is cut off; a pin is of the first page.
    private func holding(_ record: Record, _ word: Int) -> Order {
        let page = UInt64(word / Page.words * Page.bytes)
        let isCopy = record.kind == .recycledRead || record.kind == .recycledWrite
        if isCopy && !holdsCopies {
            return record.kind == .recycledRead
                ? order(.pread, page, UInt64(Page.bytes)) : order(.pwrite, 0, record.length)
        }
        let verb: Order.Verb =
            isCopy ? record.kind == .recycledRead ? .heldRead : .heldWrite : .pin
        var holder = order(verb, isCopy ? page : 0, UInt64(Page.bytes))
        // A trial holds a copy until the chain has ended, once its first call has; a step cannot know.
        holder.nanoseconds = isCopy ? min(4 * own.held, 1_000_000_000) : own.held
        return holder
    }
}
