import DaxConfig
import DaxOperations
import DaxText

extension Order {
    /// Whether it is done to that file, or copies from it.
    func names(file number: Int) -> Bool {
        switch verb.shape {
        case .range, .size, .file, .hold: file == number
        case .pair: file == number || source == number
        case .filesystem, .ownHold, .time, .moment, .meeting, .predecessor, .repetition,
            .expectation:
            false
        }
    }

    /// Orders that do less, or the same in a more usual way, the simplest first.
    var simpler: [Order] {
        var orders: [Order] = []
        func add(_ change: (inout Order) -> Void) {
            var order = self
            change(&order)
            if order != self && !orders.contains(order) { orders.append(order) }
        }
        if let usual = verb.usual { add { $0.verb = usual } }
        switch verb.shape {
        case .range where verb.movesBlocks, .pair, .hold:
            let page: UInt64 = 4096
            if length > page {
                add { ($0.offset, $0.length) = (offset / page * page, page) }
            }
        case .range:
            if length > 8 { add { $0.length = 8 } }
            if length > 4096 { add { $0.length = 4096 } }
            if length > 8 { add { ($0.offset, $0.length) = (offset + length - 8, 8) } }
        case .size, .file, .filesystem, .ownHold, .time, .moment, .meeting, .predecessor,
            .repetition,
            .expectation:
            break
        }
        return orders
    }
}

extension Order.Verb {
    /// A call or access that is more usual and does the same to the file; nil of one that is usual.
    fileprivate var usual: Order.Verb? {
        switch self {
        case .write, .directWrite, .syncWrite: .pwrite
        case .read, .directRead: .pread
        case .faultStore: .store
        case .faultLoad: .load
        case .allocateKeepSize: .allocate
        case .heldRead: .pread
        case .heldWrite: .pwrite
        case .store, .load, .privateStore, .privateLoad, .persist, .msync, .syncRange, .pwrite,
            .pread,
            .punch, .zero, .allocate, .collapse, .unshare, .truncate, .fsync, .mmap, .reopen,
            .clone,
            .copy, .dedupe, .exchange, .syncfs, .dropCaches, .pin, .unmappedPin, .privatePin,
            .syncFaults, .insert, .pause, .at, .meet, .after, .repeat, .expect:
            nil
        }
    }

    /// Whether its range is one of blocks.
    fileprivate var movesBlocks: Bool {
        switch self {
        case .punch, .zero, .allocate, .allocateKeepSize, .collapse, .insert, .unshare: true
        case .store, .load, .faultStore, .faultLoad, .privateStore, .privateLoad, .persist, .msync,
            .syncRange, .write, .read, .pwrite, .pread, .directWrite, .directRead, .syncWrite,
            .truncate, .fsync, .mmap, .reopen, .clone, .copy, .dedupe, .exchange, .syncfs,
            .dropCaches,
            .pin, .unmappedPin, .privatePin, .heldRead, .heldWrite, .syncFaults, .pause, .at, .meet,
            .after, .repeat, .expect:
            false
        }
    }
}

extension Witness {
    /// The page at which the first range or extent of any file begins; nil where there is none.
    var firstPage: UInt64? {
        let ranges = steps.map(\.order).filter { $0.length > 0 }
        let starts =
            ranges.map(\.offset) + ranges.filter { $0.verb.shape == .pair }.map(\.sourceOffset)
            + extents.map(\.offset)
        return starts.min().map { $0 / 4096 }
    }

    private var extents: [StartingExtent] {
        files.flatMap(\.extents).compactMap { StartingExtent($0) }
    }

    /// Has everything happen so many pages further down.
    mutating func move(downBy pages: UInt64) {
        let bytes = pages * 4096
        func less(_ value: UInt64) -> UInt64 { value - min(value, bytes) }
        for index in steps.indices {
            let order = steps[index].order
            guard order.length > 0 || order.verb.shape == .size else { continue }
            steps[index].order.offset = less(order.offset)
            if order.verb.shape == .pair {
                steps[index].order.sourceOffset = less(order.sourceOffset)
            }
        }
        for index in files.indices {
            files[index].size = ByteSize(bytes: less(files[index].size.bytes))
            files[index].extents = files[index].extents.compactMap { line in
                guard var extent = StartingExtent(line) else { return nil }
                extent.offset = less(extent.offset)
                if case .shared(let file, let offset) = extent.state {
                    extent.state = .shared(file: file, offset: less(offset))
                }
                return extent.description
            }
        }
    }

    /// Makes files at most `size` bytes large; what lies beyond is left out.
    mutating func shrink(to size: UInt64) {
        func cut(_ offset: UInt64, _ length: UInt64) -> UInt64 {
            min(length, size - min(size, offset))
        }
        limit = size
        for index in steps.indices {
            let order = steps[index].order
            if order.verb.shape == .size { steps[index].order.offset = min(order.offset, size) }
            if order.length > 0 {
                var length = cut(order.offset, order.length)
                if order.verb.shape == .pair {
                    length = min(length, cut(order.sourceOffset, length))
                }
                steps[index].order.length = length
            }
        }
        steps = zip(steps, steps.map { $0.order.length > 0 || !$0.order.verb.hasLength })
            .filter(\.1).map(\.0)
        for index in files.indices {
            files[index].size = min(files[index].size, ByteSize(bytes: size))
            files[index].extents = files[index].extents.compactMap { line in
                guard var extent = StartingExtent(line) else { return nil }
                extent.length = cut(extent.offset, extent.length)
                return extent.length > 0 ? extent.description : nil
            }
        }
    }
}

extension Order.Verb {
    /// Whether there is nothing to do without a length.
    fileprivate var hasLength: Bool {
        switch shape {
        case .range, .pair, .hold: true
        case .size, .file, .filesystem, .ownHold, .time, .moment, .meeting, .predecessor,
            .repetition,
            .expectation:
            false
        }
    }
}
