import DaxText

/// The scripts of a run, as far as their steps have to do with each other.
package struct Scenario: Sendable {
    let scripts: [Script]
    /// Whether each list is carried out once, and not again and again.
    let once: Bool

    /// The scripts of one table.
    package struct Script: Sendable {
        package var name: String
        /// How many actors carry out the steps.
        package var count: UInt64
        package var orders: [Order]

        package init(_ name: String, count: UInt64, _ orders: [Order]) {
            (self.name, self.count, self.orders) = (name, count, orders)
        }

        /// Those that it comes to.
        var meetings: Set<UInt64> {
            count == 0
                ? [] : Set(orders.filter { $0.verb.shape == .meeting }.map(\.number))
        }
    }

    package init(_ scripts: [Script], once: Bool = false) {
        (self.scripts, self.once) = (scripts, once)
    }

    /// Why the scripts of that name cannot be carried out in epochs of `epoch` nanoseconds; nil if they can.
    /// Files have `limit` bytes at most.
    package func complaint(of name: String, epoch: UInt64, limit: UInt64) -> String? {
        guard let script = scripts.first(where: { $0.name == name && $0.count > 0 }) else {
            return nil
        }
        for (index, order) in script.orders.enumerated() {
            let complaint: String? =
                switch order.verb.shape {
                case .range where order.verb == .insert:
                    complaint(aboutInsert: order, script.orders[..<index], limit)
                case .range, .size, .file, .pair, .filesystem, .hold, .ownHold, .time: nil
                case .moment: complaint(aboutMoment: order, epoch)
                case .meeting: complaint(aboutMeeting: order)
                case .predecessor: complaint(about: order, of: name)
                case .repetition: complaint(aboutRepetition: order, script.orders[..<index])
                case .expectation: complaint(aboutExpectation: order, script.orders[..<index])
                }
            if let complaint { return complaint }
        }
        return deadlock(of: script)
    }

    private func complaint(aboutMoment order: Order, _ epoch: UInt64) -> String? {
        order.nanoseconds < epoch ? nil : "\"\(order)\" is beyond the end of an epoch (run.epoch)"
    }

    private func complaint(aboutMeeting order: Order) -> String? {
        let count = scripts.filter { $0.meetings.contains(order.number) }.map(\.count).reduce(0, +)
        return count > 1 ? nil : "\"\(order)\" meets nobody: no other script has that step"
    }

    private func complaint(about order: Order, of name: String) -> String? {
        if order.actor == name { return "\"\(order)\" waits for itself" }
        guard let other = scripts.first(where: { $0.name == order.actor && $0.count > 0 }) else {
            return "\"\(order)\" waits for a script that is not there"
        }
        guard (1...UInt64(other.orders.count)).contains(order.number) else {
            return "\"\(order)\": \(other.name) has steps 1 to \(other.orders.count)"
        }
        return nil
    }

    private func complaint(aboutRepetition order: Order, _ before: ArraySlice<Order>) -> String? {
        let isEmpty = before.last.map { $0.verb.shape == .repetition } ?? true
        return isEmpty ? "\"\(order)\" has no steps before it to repeat" : nil
    }

    /// Only a truncate in the steps that are repeated together is known to have made room: all else may fail.
    private func complaint(
        aboutInsert order: Order, _ before: ArraySlice<Order>, _ limit: UInt64
    ) -> String? {
        let block = before.suffix(
            from: Order.beginning(before: before.endIndex, in: Array(before)))
        var size = limit
        for step in block where step.file == order.file || step.verb == .exchange {
            let end = step.offset + step.length
            switch step.verb.kinds.last?.traits.parts {
            case .truncate: size = step.offset
            case .write, .resize, .copy: size = max(size, end)
            case .exchange: size = max(size, end, step.sourceOffset + step.length)
            case .shift: size += step.verb == .insert ? step.length : 0
            case .access, .privateAccess, .bulkStore, .zeroing, .lentCopy, nil, .some(.none): break
            }
        }
        return size + order.length <= limit
            ? nil
            : "\"\(order)\" could make f\(order.file) larger than \(ByteSize(bytes: limit)): truncate it "
                + "before"
    }

    private func complaint(aboutExpectation order: Order, _ before: ArraySlice<Order>) -> String? {
        guard let judged = before.last(where: { $0.verb.shape != .expectation }),
            !judged.verb.kinds.isEmpty
        else { return "\"\(order)\" has no call or access before it" }
        if let complaint = order.expectation.complaint(about: judged.verb) {
            return "\"\(order)\": \(complaint)"
        }
        if order.expectation == .written && !before.contains(whereStored: judged) {
            return "\"\(order)\": the script itself does not store all of it before"
        }
        return nil
    }
}

extension ArraySlice<Order> {
    /// Whether all that `read` reads is stored by these.
    fileprivate func contains(whereStored read: Order) -> Bool {
        let stores = filter {
            $0.file == read.file && $0.verb != .privateStore
                && $0.verb.kinds.contains { $0.traits.reference == .stamps }
        }.sorted { $0.offset < $1.offset }
        let end = stores.reduce(read.offset) { end, store in
            store.offset <= end ? Swift.max(end, store.offset + store.length) : end
        }
        return end >= read.offset + read.length
    }
}

extension Order {
    /// Where the steps begin that the repetition at `index` is about.
    package static func beginning(before index: Int, in orders: [Order]) -> Int {
        (orders[..<index].lastIndex { $0.verb.shape == .repetition } ?? -1) + 1
    }
}
