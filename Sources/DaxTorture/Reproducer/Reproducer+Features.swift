import DaxConfig
import DaxOperations
import DaxText

/// What a step does to the file, as the program's check has it.
enum StepKind: String, CaseIterable {
    case other = "OTHER"
    case read = "READ"
    case stored = "STORED"
    case privately = "PRIVATE"
    case written = "WRITTEN"
    case zeroed = "ZEROED"
    case cut = "CUT"
    case grown = "GROWN"
    case copied = "COPIED"
    case collapsed = "COLLAPSED"
    case inserted = "INSERTED"
    case exchanged = "EXCHANGED"

    /// Whether the file may be longer afterwards.
    var grows: Bool {
        switch self {
        case .written, .grown, .copied: true
        case .other, .read, .stored, .privately, .zeroed, .cut, .collapsed, .inserted, .exchanged:
            false
        }
    }
}

extension Order.Verb {
    /// Nil of what is no step of the program's log.
    var stepKind: StepKind? {
        switch self {
        case .store, .faultStore: .stored
        case .privateStore: .privately
        case .load, .faultLoad, .privateLoad, .read, .pread, .directRead, .pin, .unmappedPin,
            .heldRead:
            .read
        case .write, .pwrite, .directWrite, .syncWrite, .heldWrite: .written
        case .punch, .zero: .zeroed
        case .truncate: .cut
        case .allocate: .grown
        case .clone, .copy: .copied
        case .collapse: .collapsed
        case .insert: .inserted
        case .exchange: .exchanged
        case .persist, .msync, .syncRange, .allocateKeepSize, .unshare, .fsync, .mmap, .reopen,
            .dedupe, .syncfs, .dropCaches, .syncFaults, .privatePin:
            .other
        case .pause, .at, .meet, .after, .repeat, .expect: nil
        }
    }

    /// The verb whose function in C does it: the program has no io_uring.
    var printed: Order.Verb {
        switch self {
        case .write: .pwrite
        case .read: .pread
        default: self
        }
    }
}

extension Order {
    /// The numbers of the files that it is done to; none of what concerns the filesystem.
    var files: [Int] {
        switch verb.shape {
        case .range, .size, .file, .hold: [file]
        case .pair: [file, source]
        case .filesystem, .ownHold, .time, .moment, .meeting, .predecessor, .repetition,
            .expectation:
            []
        }
    }

    /// Whether a file may be another afterwards, in what it holds or where that lies.
    var changes: Bool {
        switch verb.stepKind {
        case .stored, .written, .zeroed, .cut, .grown, .copied, .collapsed, .inserted, .exchanged:
            true
        case .other: verb.shape == .pair || verb == .unshare || verb == .allocateKeepSize
        case .read, .privately, nil: false
        }
    }
}

extension Reproducer {
    /// By what its templates' parts are chosen, beside the verbs that it has.
    enum Feature: String, CaseIterable {
        /// Through a mapping, to the file.
        case stores
        /// By a call.
        case writes
        case zeroes
        case cuts
        /// Files may become longer.
        case grows
        /// Words come to stand elsewhere.
        case copies
        /// Steps with two files.
        case pairs
        /// The second mapping.
        case second
        /// The private mapping.
        case `private`
        /// The O_DIRECT descriptor.
        case direct
        /// Calls fallocate(2) with a mode.
        case falloc
        /// A copy stands still.
        case holds
        /// The kernel's trace is read; of what was written back, too.
        case traces, writebacks
        /// Files begin with all space, or with a block here and there.
        case allocated, scattered
        /// Files begin with what their tables say.
        case laidout
        case expectsOK, expectsError, expectsSIGBUS, expectsZero, expectsWritten
    }

    /// By what its templates' parts are chosen.
    var features: Set<String> {
        let verbs = Set(orders.map(\.verb.printed))
        var features = Set(verbs.map(\.rawValue))
        func add(_ feature: Feature, _ isThere: Bool) {
            if isThere { features.insert(feature.rawValue) }
        }
        func any(_ wanted: Order.Verb...) -> Bool { !verbs.isDisjoint(with: wanted) }
        add(.stores, any(.store, .faultStore))
        add(.writes, any(.pwrite, .directWrite, .syncWrite, .heldWrite))
        add(.zeroes, any(.punch, .zero))
        add(.cuts, any(.truncate))
        add(.grows, grows)
        add(.copies, any(.clone, .copy, .collapse, .insert, .exchange))
        add(.pairs, any(.clone, .copy, .dedupe, .exchange))
        add(.second, any(.faultStore, .faultLoad, .mmap))
        add(.private, any(.privateStore, .privateLoad))
        add(.direct, any(.directWrite, .directRead))
        add(.laidout, !setup.isEmpty)
        add(.holds, any(.heldRead, .heldWrite))
        add(.writebacks, judgesWriteback)
        add(.traces, judgesWriteback || any(.syncFaults))
        for order in orders where order.verb == .expect {
            switch order.expectation {
            case .ok: add(.expectsOK, true)
            case .errno: add(.expectsError, true)
            case .sigbus: add(.expectsSIGBUS, true)
            case .zero: add(.expectsZero, true)
            case .written: add(.expectsWritten, true)
            }
        }
        let isLaidOutByMake = files.contains { config.file($0) == nil }
        add(.allocated, isLaidOutByMake && config.fs.layout == .aligned)
        add(.scattered, isLaidOutByMake && config.fs.layout == .broken)
        add(
            .falloc,
            features.contains(Feature.scattered.rawValue)
                || any(
                    .punch, .zero, .allocateKeepSize, .collapse, .insert, .unshare, .privatePin)
        )
        if actors.contains(where: { $0.pause > 0 }) || any(.pin, .unmappedPin) {
            features.insert(Order.Verb.pause.rawValue)
        }
        return features
    }

    /// Whether it is judged what fsync(2) and msync(2) have written back.
    var judgesWriteback: Bool { isAboutDurability && !orders.contains { $0.verb == .syncFaults } }

    /// Why it cannot be; nil if it can.
    var writebackComplaint: String? {
        guard judgesWriteback else { return nil }
        guard isSequence else { return "what was written back is judged of one script alone" }
        let strange = orders.first { order in
            switch order.verb.stepKind {
            case .copied, .collapsed, .inserted, .exchanged: true
            case .other: order.verb.shape == .pair || order.verb == .unshare
            case .read, .stored, .privately, .written, .zeroed, .cut, .grown, nil: false
            }
        }
        return strange.map { "what was written back is not judged beside \"\($0)\"" }
    }

    /// Whether a file may be longer after a step: after one that reaches beyond its first size, or any
    /// where files are cut.
    private var grows: Bool {
        let cut = orders.contains { $0.verb == .truncate || $0.verb == .collapse }
        return orders.contains { order in
            guard order.verb.stepKind?.grows == true else { return false }
            return cut || order.offset + order.length > size(order.file)
        }
    }

    /// The kinds that its steps have.
    var kinds: [StepKind] {
        let there = Set(orders.compactMap(\.verb.stepKind))
        return StepKind.allCases.filter(there.contains)
    }

    /// How far the steps reach in each file, in whole pages. What was only read counts, too: where a file was
    /// cut off since, an old mapping may still show it.
    var spans: [UInt64] {
        files.map { file in
            let ends = orders.flatMap { order in
                (order.file == file ? [order.offset + order.length] : [])
                    + (order.verb.shape == .pair && order.source == file
                        ? [order.sourceOffset + order.length] : [])
            }
            return Reproducer.wholePages((ends.max() ?? 0) + inserted)
        }
    }

    /// How far any step reaches in any file, in whole pages.
    var reach: UInt64 {
        let ends = orders.map { order in
            max(order.offset + order.length, order.sourceOffset + order.length)
        }
        return Reproducer.wholePages(max(ends.max() ?? 0, Reproducer.page) + inserted)
    }

    /// How far inserts may move what there is.
    private var inserted: UInt64 {
        orders.filter { $0.verb == .insert }.map(\.length).reduce(0, +)
    }

    /// Whether all is done by one script whose every step has one outcome: what each word must hold is
    /// known then. Not so if it stores behind the end of a file, or expects what is no success.
    var isSequence: Bool {
        guard actors.count == 1 else { return false }
        var sizes = files.map(size)
        for order in orders {
            let end = order.offset + order.length
            switch order.verb.stepKind {
            case .stored: if end > sizes[order.file] { return false }
            case .cut: sizes[order.file] = order.offset
            case .collapsed:
                sizes[order.file] -= min(sizes[order.file], order.length)
            case .inserted: sizes[order.file] += order.length
            case .written, .grown, .copied: sizes[order.file] = max(sizes[order.file], end)
            case .other, .read, .privately, .zeroed, .exchanged: break
            case nil:
                let isSure = [.zero, .written].contains(order.expectation)
                if order.verb == .expect && !isSure { return false }
            }
        }
        return true
    }

    /// Bytes.
    static let page: UInt64 = 4096

    private static func wholePages(_ bytes: UInt64) -> UInt64 { (bytes + page - 1) / page * page }
}
