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
        case .hold: (order.offset, order.length, order.nanoseconds) = (4096, 32, 1_000_000)
        case .ownHold, .time, .moment: order.nanoseconds = 5_000_000
        case .meeting, .repetition: order.number = 7
        case .predecessor: (order.actor, order.number) = ("show", 2)
        case .expectation: order.expectation = .sigbus
        }
        return order
    }

    @Test(arguments: orders)
    func itsTextIsReadBack(_ order: Order) throws {
        #expect(try Order("\(order)") == order)
        #expect(
            order.complaint(files: 1, limit: 1 << 20, largest: 4096, exchanges: true, shares: false)
                == nil)
    }

    /// Whatever the numbers are.
    @Test func allTextsAreReadBack() throws {
        var random = Random(seed: 7)
        for _ in 0..<2000 {
            var order = Order(Order.Verb.allCases[Int(random.below(UInt64(Self.orders.count)))])
            func bytes() -> UInt64 { random.below(1 << 40) >> random.below(40) * 8 }
            func file() -> Int { Int(random.below(16)) }
            switch order.verb.shape {
            case .range: (order.file, order.offset, order.length) = (file(), bytes(), bytes())
            case .size: (order.file, order.offset) = (file(), bytes())
            case .file: order.file = file()
            case .filesystem: break
            case .pair:
                (order.file, order.offset, order.length) = (file(), bytes(), bytes())
                (order.source, order.sourceOffset) = (file(), bytes())
            case .hold:
                (order.file, order.offset, order.length) = (file(), bytes(), bytes())
                order.nanoseconds = random.below(1 << 40) >> random.below(40)
            case .ownHold, .time, .moment:
                order.nanoseconds = random.below(1 << 40) >> random.below(40)
            case .meeting, .repetition: order.number = random.below(1000)
            case .predecessor:
                (order.actor, order.number) = ("a-\(random.below(100))_b", random.below(1000))
            case .expectation:
                let errno = Expectation.errno(Int32(1 + random.below(34)))
                order.expectation = [.ok, .sigbus, .zero, .written, errno][Int(random.below(5))]
            }
            #expect(try Order("\(order)") == order)
        }
    }

    @Test func textsMeanWhatTheySay() throws {
        let clone = try Order("clone f1 0 f0 4096 8KiB")
        #expect(clone.verb == .clone && clone.file == 1 && clone.source == 0)
        #expect(clone.offset == 0 && clone.sourceOffset == 4096 && clone.length == 8192)
        #expect("\(clone)" == "clone f1 0 f0 4KiB 8KiB")
        #expect(try Order("truncate f0 2MiB").offset == 2 << 20)
        #expect(try Order("pause 5ms").nanoseconds == 5_000_000)
        let pin = try Order("pin f1 4KiB 64 2ms")
        #expect(pin.file == 1 && pin.offset == 4096 && pin.length == 64)
        #expect(pin.nanoseconds == 2_000_000)
        #expect(try Order("at 1s").nanoseconds == 1_000_000_000)
        #expect(try Order("meet 12").number == 12 && Order("repeat 3").number == 3)
        let after = try Order("after show-2 4")
        #expect(after.actor == "show-2" && after.number == 4)
        #expect(try Order("expect ENOSPC").expectation == .errno(28))
        #expect(try Order("expect zero").expectation == .zero)
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
        ("at", "\"at\" needs a duration such as 5ms"),
        ("meet", "\"meet\" needs a number such as 2"),
        ("meet -1", "\"meet -1\" needs a number such as 2"),
        ("repeat x", "\"repeat x\" needs a number such as 2"),
        ("after", "\"after\" needs a script and the number of a step of its"),
        ("after show", "\"after show\" needs a number such as 2"),
        ("expect", "\"expect\" needs ok, SIGBUS, zero, written, or the name of an errno"),
        ("expect E", "\"expect E\" needs ok, SIGBUS, zero, written, or the name of an errno"),
        ("meet 1 2", "\"meet 1 2\" says more than meet takes: \"2\""),
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
        ("pin f0 0 64 1ms", "\"pin f0 0 64 1ms\" pins a page, and what a pinned page of a shared"),
        ("private-pin 1ms", "\"private-pin 1ms\" pins a page, and what a pinned page of a shared"),
        ("pause 1001ms", "\"pause 1001ms\" is longer than 1s"),
        ("meet 64", "\"meet 64\": the last meeting is 63"),
        ("repeat 0", "\"repeat 0\": steps are repeated 1 to 1000000 times"),
        ("store f0 0 20KiB", "\"store f0 0 20KiB\" moves more than the actor's max, 16KiB"),
        ("load f0 0 8KiB", "\"load f0 0 8KiB\": load takes at most 4KiB"),
        (
            "held-write f0 0 8KiB 1ms",
            "\"held-write f0 0 8KiB 1ms\": held-write takes at most 4KiB"
        ),
        ("held-read f0 0 8 2s", "\"held-read f0 0 8 2s\" is longer than 1s"),
    ])
    func whatARunCannotDoIsRefused(_ text: String, _ complaint: String) throws {
        let said = try Order(text).complaint(
            files: 2, limit: 1 << 20, largest: 16384, exchanges: false, shares: true)
        #expect(said?.hasPrefix(complaint) == true)
    }

    @Test(arguments: [
        ("pin f0 4088 16 1ms", "\"pin f0 4088 16 1ms\" reaches from page to page: one is pinned"),
        ("unmapped-pin f0 0 0 1ms", "\"unmapped-pin f0 0 0 1ms\" has no length"),
        ("private-pin 2s", "\"private-pin 2s\" is longer than 1s"),
        ("pin f0 0 8 2s", "\"pin f0 0 8 2s\" is longer than 1s"),
    ])
    func pinsThatCannotBeAreRefused(_ text: String, _ complaint: String) throws {
        #expect(
            try Order(text).complaint(
                files: 2, limit: 1 << 20, largest: 16384, exchanges: false, shares: false)
                == complaint)
    }

    private func records(_ orders: [Order]) throws -> (records: [Record], values: [UInt64]) {
        let lone = try LoneContext("order", words: 2 * Page.words, values: 4 * Page.words)
        let resources = try IOResources(lone.context.files, depth: ActorContext.depth)
        // MAP_SYNC takes a file on DAX.
        let tools = try OrderTools(
            for: orders.filter {
                $0.verb != .syncFaults && (OrderTests.canHold || !$0.verb.holdsCopy)
            }, lone.context, resources)
        for order in orders { lone.context.carryOut(order, resources, tools) }
        return (Array(lone.context.log.records), Array(lone.context.log.values))
    }

    /// A copy stands still for as long as it says, and what it moves is what a usual one moves.
    @Test(.enabled(if: canHold)) func aHeldCopyIsACopy() throws {
        let (records, values) = try records(
            [
                "truncate f0 32KiB", "held-write f0 4KiB 64 30ms", "held-read f0 4KiB 64 30ms",
                "pread f0 4KiB 64", "held-read f0 64KiB 64 1s",
            ].map { try Order($0) })
        #expect(records.map(\.kind) == [.truncate, .write, .read, .pread, .read])
        #expect(records.map(\.done) == [0, 64, 64, 64, 0])
        #expect(values.count == 16 && Array(values[..<8]) == Array(values[8...]))
        #expect(values.allSatisfy { $0 != 0 })
    }

    private static let canHold = (try? HeldCopies()) != nil

    /// Each logs what it says, and nothing else.
    @Test(arguments: orders.filter { canHold || !$0.verb.holdsCopy })
    func itDoesWhatItSays(_ order: Order) throws {
        let records = try records([order]).records
        // Where the second mapping can lie is drawn.
        if order.verb == .mmap {
            #expect(records.count == 1 && order.verb.kinds.contains(records[0].kind))
        } else {
            #expect(records.map(\.kind) == order.verb.kinds)
        }
        guard let record = records.last, ![.filesystem, .ownHold].contains(order.verb.shape)
        else { return }
        #expect(record.file == 0)
        if [.range, .pair, .hold].contains(order.verb.shape) {
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
