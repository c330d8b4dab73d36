import DaxModel
import DaxOperations
import DaxSystem
import TestSupport
import Testing

@Suite struct OrderTests {
    /// An order of each verb, with parameters of its own.
    private static let orders: [Order] = Order.Verb.allCases.map { verb in
        var order = Order(verb)
        switch verb.shape {
        case .range: (order.offset, order.length) = (4096, 32)
        case .size: order.offset = 8192
        case .file, .filesystem: break
        case .pair: (order.offset, order.sourceOffset, order.length) = (4096, 12288, 4096)
        case .time: order.nanoseconds = 5_000_000
        }
        return order
    }

    @Test(arguments: orders)
    func itsTextIsReadBack(_ order: Order) throws {
        #expect(try Order("\(order)") == order)
        #expect(order.complaint(files: 1, limit: 1 << 20, largest: 4096, exchanges: true) == nil)
    }

    @Test func textsMeanWhatTheySay() throws {
        let clone = try Order("clone f1 0 f0 4096 8KiB")
        #expect(clone.verb == .clone && clone.file == 1 && clone.source == 0)
        #expect(clone.offset == 0 && clone.sourceOffset == 4096 && clone.length == 8192)
        #expect("\(clone)" == "clone f1 0 f0 4KiB 8KiB")
        #expect(try Order("truncate f0 2MiB").offset == 2 << 20)
        #expect(try Order("pause 5ms").nanoseconds == 5_000_000)
    }

    @Test(arguments: [
        ("", "a step is empty"), ("stare f0 0 8", "\"stare\" is no step; steps are: store, load, "),
        ("store", "\"store\" needs a file such as f0"),
        ("store g0 0 8", "\"store g0 0 8\" needs a file such as f0"),
        ("store f0 x 8", "\"store f0 x 8\" needs an offset such as 4KiB"),
        ("store f0 0", "\"store f0 0\" needs a length such as 4KiB"),
        ("store f0 4 8", "\"store f0 4 8\": 4 is not a multiple of a word, 8 bytes"),
        ("fsync f0 8", "\"fsync f0 8\" says more than fsync takes: \"8\""),
        ("pause 5", "\"pause 5\" needs a duration such as 5ms"),
    ])
    func whatIsNoOrderIsRefused(_ text: String, _ reason: String) {
        #expect { try Order(text) } throws: { "\($0)".hasPrefix(reason) }
    }

    @Test(arguments: [
        ("store f2 0 8", "\"store f2 0 8\" names f2, and there are 2 files"),
        ("clone f0 0 f9 0 4KiB", "\"clone f0 0 f9 0 4KiB\" names f9, and there are 2 files"),
        (
            "store f0 1MiB 8",
            "\"store f0 1MiB 8\" reaches beyond 1MiB, the files' largest size"
        ),
        (
            "copy f0 0 f1 1MiB 8",
            "\"copy f0 0 f1 1MiB 8\" reaches beyond 1MiB, the files' largest size"
        ),
        ("punch f0 0 0", "\"punch f0 0 0\" has no length"),
        (
            "exchange f0 0 f1 0 4KiB",
            "\"exchange f0 0 f1 0 4KiB\" needs fs.exchange = true: else the filesystem cannot"
        ),
        ("pause 2s", "\"pause 2s\" is longer than 1s"),
        ("store f0 0 20KiB", "\"store f0 0 20KiB\" moves more than the actor's max, 16KiB"),
        ("load f0 0 8KiB", "\"load f0 0 8KiB\": load takes at most 4KiB"),
    ])
    func whatARunCannotDoIsRefused(_ text: String, _ complaint: String) throws {
        #expect(
            try Order(text).complaint(files: 2, limit: 1 << 20, largest: 16384, exchanges: false)
                == complaint)
    }

    private func records(_ orders: [Order]) throws -> (records: [Record], values: [UInt64]) {
        let lone = try LoneContext("order")
        let resources = try IOResources(lone.context.files, depth: ActorContext.depth)
        for order in orders { lone.context.carryOut(order, resources) }
        return (Array(lone.context.log.records), Array(lone.context.log.values))
    }

    /// Each logs what it says, and nothing else.
    @Test(arguments: orders)
    func itDoesWhatItSays(_ order: Order) throws {
        let records = try records([order]).records
        // Where the second mapping can lie is drawn.
        if order.verb == .mmap {
            #expect(records.count == 1 && order.verb.kinds.contains(records[0].kind))
        } else {
            #expect(records.map(\.kind) == order.verb.kinds)
        }
        guard let record = records.last, order.verb.shape != .filesystem else { return }
        #expect(record.file == 0)
        if order.verb.shape == .range || order.verb.shape == .pair {
            #expect(record.offset == order.offset && record.length == order.length)
        }
        if order.verb == .truncate { #expect(record.offset == order.offset) }
    }

    /// The same orders from the same state give the same records, but for the times.
    @Test func theSameOrdersDoTheSame() throws {
        let all = OrderTests.orders + OrderTests.orders.reversed()
        func timeless(_ records: [Record]) -> [String] {
            records.map { record in
                var record = record
                record.interval = Interval(Timestamp(ticks: 1), Timestamp(ticks: 2))
                return "\(record)"
            }
        }
        let (first, second) = (try records(all), try records(all))
        #expect(first.records.count > 60 && timeless(first.records) == timeless(second.records))
        #expect(first.values == second.values && !first.values.isEmpty)
    }
}
