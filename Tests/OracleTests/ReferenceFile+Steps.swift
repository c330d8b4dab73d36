import DaxModel
import DaxOracle
import TestSupport

extension ReferenceFile {
    /// What an actor does in one go.
    enum Step {
        case lock(shared: Bool)
        case unlock
        /// Gives the inode's lock back in the midst of a call.
        case pause
        /// Whatever follows depends on the state behind the lock.
        case plan
        case store(word: UInt64, byte: UInt64?)
        case load(word: UInt64, byte: UInt64?)
        case touch(page: UInt64)
        /// A word or a byte copied in or out by a call, which needs no mapping.
        case copyIn(word: UInt64, byte: UInt64?)
        case copyOut(word: UInt64, byte: UInt64?)
        case setSize(UInt64)
        case zap(page: UInt64)
        case clear(Range<UInt64>)
        case clearByte(word: UInt64, byte: UInt64)
        /// All words from one on go to another place; what is left behind in between is zero.
        case move(from: UInt64, to: UInt64)
        case copyWord(from: UInt64, to: UInt64, byte: UInt64?)
        /// Two pages, by their first words, change places.
        case swap(page: UInt64, with: UInt64)
        case look
        /// Whether an extent is what a seek looks for, the one at a page.
        case probe(page: UInt64)

        static func first(of order: Program.Order) -> [Step] {
            switch order.call {
            case .store(let words, let torn):
                words.flatMap { word in
                    torn
                        ? (0..<8).map { .store(word: word, byte: $0) }
                        : [.store(word: word, byte: nil)]
                }
            case .load(let words, let torn):
                words.flatMap { word in
                    torn
                        ? (0..<8).map { .load(word: word, byte: $0) }
                        : [.load(word: word, byte: nil)]
                }
            case .touch(let page): [.touch(page: page)]
            case .read(let words):
                [.lock(shared: true)]
                    + words.flatMap { word in
                        order.choices & 1 == 0
                            ? [.copyOut(word: word, byte: nil)]
                            : (0..<8).map { .copyOut(word: word, byte: $0) }
                    } + [.unlock]
            case .status: [.look]
            // XFS takes no lock that keeps anybody out; ext4 lets it wait for who changes the file.
            case .seek(let first, _):
                (order.choices & 1 == 0 ? [.lock(shared: true)] : [])
                    + [.look] + (first / 512..<Program.pages).map { .probe(page: $0) }
                    + (order.choices & 1 == 0 ? [.unlock] : [])
            default: [.lock(shared: false), .plan]
            }
        }
    }

    /// Makes one step of an actor's operation, unless something bars it.
    mutating func step(_ actor: Int) {
        // Taken out, lest every change to it copy its arrays.
        guard var running = actors[actor].running.take() else { return }
        if running.at == running.steps.count || running.ended && !running.takesLock {
            record(running)
            return
        }
        let step = running.ended ? .unlock : running.steps[running.at]
        if perform(step, actor, &running) {
            running.at += 1
            if !running.ended, let after = running.order.failsAfter, running.at > after + 2,
                running.mayFail
            {
                running.ended = true
                giveUp(&running)
            }
        }
        actors[actor].running = running
    }

    /// A call ends halfway. A write either reports what it has done or fails; of its words beyond
    /// the end of file, and of a copy's, whole pages are taken back.
    private mutating func giveUp(_ running: inout Running) {
        switch running.order.call {
        case .write(let words) where running.order.choices & 64 != 0 && running.done > 0:
            size = max(size, 8 * (words.lowerBound + UInt64(running.done)))
        case .write(let words):
            running.result = .failed
            growInFailure(to: 8 * max(words.lowerBound, 3) - 24)
        case .copy: running.result = .failed
        default:
            running.result = .failed
            return
        }
        let edge = min((size + 4095) / 4096 * 512, Program.words)
        clear(edge..<Program.words)
        // ext4_truncate_failed_write clears what lies beyond the end within its page, too.
        if running.order.choices & 2 != 0 { clear(size / 8..<edge) }
    }

    /// Where a failed write beyond the end lengthens the file.
    private mutating func growInFailure(to end: UInt64) {
        guard defect == .failedWriteGrows, end > size else { return }
        struck = true
        size = end
    }

    /// False if the step has to wait.
    private mutating func perform(_ step: Step, _ actor: Int, _ running: inout Running) -> Bool {
        switch step {
        case .lock(let shared):
            guard owner == nil, shared || readers == 0 else { return false }
            if shared { readers += 1 } else { owner = actor }
        case .unlock:
            if owner == actor { owner = nil } else { readers -= 1 }
            isInvalidating = false
            running.at = running.steps.count - 1
            running.ended = false
        case .pause: owner = nil
        case .plan:
            plan(&running)
        case .store(let word, let byte):
            guard let ready = reach(word, &running) else { return false }
            if ready { put(running.stamp(word), word, byte, &running) }
        case .load(let word, let byte):
            guard let ready = reach(word, &running) else { return false }
            if ready { get(word, byte, &running) }
        case .touch(let page):
            guard reach(512 * page, &running) != nil else { return false }
        case .copyIn(let word, let byte):
            put(running.stamp(word), word, byte, &running)
        case .copyOut(let word, let byte):
            if 8 * word >= size { running.ended = true } else { get(word, byte, &running) }
        case .setSize(let new):
            if !strikes(.lostTruncate) { size = new }
        case .zap(let page):
            if defect == .missingSigbus && isMapped[Int(page)] {
                struck = true
            } else {
                isMapped[Int(page)] = false
            }
        case .clear(let range): clear(range)
        case .clearByte(let word, let byte):
            words[Int(word)] &= ~(0xff << (8 * byte))
        case .move(let from, let to): move(from: Int(from), to: Int(to))
        case .copyWord(let from, let to, let byte):
            let done = running.done
            if byte == nil && strikes(.lostMove) {
                running.done += 1
            } else {
                put(words[Int(from)], to, byte, &running)
            }
            if byte == nil { running.done = done + 1 }
        case .swap(let one, let two):
            let (one, two) = (Int(one)..<Int(one) + 512, Int(two)..<Int(two) + 512)
            let (first, second) = (Array(words[one]), Array(words[two]))
            words.replaceSubrange(one, with: second)
            if first == second || !strikes(.lostHalf) { words.replaceSubrange(two, with: first) }
        case .look: running.seenSize = size
        case .probe(let page): probe(page, &running)
        }
        return true
    }

    private mutating func move(from: Int, to: Int) {
        guard !strikes(.lostMove) else { return }
        if to < from {
            words.replaceSubrange(to..<words.count - (from - to), with: Array(words[from...]))
            for word in words.count - (from - to)..<words.count { words[word] = 0 }
        } else {
            words.replaceSubrange(to..., with: Array(words[from..<words.count - (to - from)]))
            for word in from..<to { words[word] = 0 }
        }
    }

    /// Whether the page of `word` can be reached through the mapping: nil if the fault has to
    /// wait, false if it ends in SIGBUS.
    private mutating func reach(_ word: UInt64, _ running: inout Running) -> Bool? {
        let page = Int(word / 512)
        if isMapped[page] { return true }
        if isInvalidating { return nil }
        var edge = UInt64(page) * 4096
        if defect == .earlySigbus && edge + 4096 >= size && edge < size {
            struck = true
            edge = size
        }
        if edge >= size {
            running.fault = .sigbus
            running.ended = true
            return false
        }
        isMapped[page] = true
        return true
    }

    private mutating func put(
        _ stamp: UInt64, _ word: UInt64, _ byte: UInt64?, _ running: inout Running
    ) {
        var place = Int(word)
        if byte == nil && strikes(.lostStore) {
            running.done += 1
            return
        }
        if byte == nil && place > 0 && strikes(.foreignStamp) { place -= 1 }
        if let byte {
            let mask: UInt64 = 0xff << (8 * byte)
            words[place] = words[place] & ~mask | stamp & mask
            if byte == 7 { running.done += 1 }
        } else {
            older[place] = words[place]
            words[place] = stamp
            running.done += 1
        }
    }

    private mutating func get(_ word: UInt64, _ byte: UInt64?, _ running: inout Running) {
        let value = words[Int(word)]
        guard let byte else {
            running.found.append(strange(word, running) ?? value)
            running.done += 1
            return
        }
        if byte == 0 { running.partial = 0 }
        running.partial |= value & (0xff << (8 * byte))
        if byte == 7 {
            running.found.append(running.partial)
            running.done += 1
        }
    }

    private mutating func clear(_ range: Range<UInt64>) {
        for word in Int(range.lowerBound)..<Int(range.upperBound) {
            if defect == .resurrection && words[word] != 0 {
                struck = true
                later.append((clock + 40, word, words[word]))
            }
            if words[word] != 0 { older[word] = words[word] }
            words[word] = 0
        }
    }

    private mutating func record(_ running: Running) {
        let interval = Make.interval(running.invoked, clock)
        let operation = running.operation
        switch running.order.call {
        case .store(let words, let torn):
            semantics.store(
                operation, words, sequence: running.sequence, stored: running.done,
                fault: running.fault, torn: torn, over: interval)
        case .load(let words, let torn):
            semantics.load(
                operation, at: words.lowerBound, values: running.found, fault: running.fault,
                torn: torn, over: interval)
        case .touch(let page):
            semantics.touch(operation, page: page, running.fault, over: interval)
        case .write(let words):
            semantics.write(
                operation, words, sequence: running.sequence,
                written: running.result == .done ? running.done : 0, running.result,
                inParts: running.order.isInParts, over: interval)
        case .read(let words):
            semantics.read(
                operation, at: words.lowerBound, count: words.count, values: running.found,
                over: interval)
        case .truncate(let size):
            semantics.truncate(operation, to: size, running.result, over: interval)
        case .punch(let words):
            semantics.punch(operation, words, running.result, over: interval)
        case .zeroRange(let words, let keepSize):
            semantics.zeroRange(
                operation, words, keepSize: keepSize, running.result, over: interval)
        case .allocate(let words, let keepSize):
            semantics.allocate(
                operation, words, keepSize: keepSize, running.result, over: interval)
        case .collapse(let words):
            semantics.collapse(operation, words, running.result, over: interval)
        case .insert(let words):
            semantics.insert(operation, words, running.result, over: interval)
        case .copy(let words, let from):
            semantics.copy(
                operation, words, source: 0, from: from,
                copied: running.result == .done ? running.done : 0, torn: true,
                running.result == .done && running.done < words.count ? .failed : running.result,
                over: interval)
        case .exchange(let words, let other):
            let count = UInt64(words.count)
            semantics.exchange(
                operation, words, with: 0, from: other, running.result, over: interval)
            semantics.exchange(
                operation, other..<other + count, with: 0, from: words.lowerBound, running.result,
                over: interval)
        case .status:
            semantics.status(operation, size: running.seenSize, over: interval)
        case .seek(let first, let hole):
            record(running, seekFrom: first, hole: hole, over: interval)
        }
    }
}

extension ReferenceFile.Running {
    func stamp(_ word: UInt64) -> UInt64 { Make.stamp(operation.actor, sequence, word) }

    /// Whether it takes a lock, to be given back before it returns.
    var takesLock: Bool {
        switch order.call {
        case .store, .load, .touch, .status: false
        case .seek: order.choices & 1 == 0
        default: true
        }
    }

    /// Whether it may give up here. A truncate that has set the size takes the mappings away,
    /// come what may; it is the blocks that it may fail to free.
    var mayFail: Bool {
        let rest = steps[at...]
        switch order.call {
        case .truncate:
            return rest.count > 1
                && (at == 2 || !rest.contains { if case .zap = $0 { true } else { false } })
        case .write:
            if case .copyIn = rest.first { return true } else { return false }
        case .punch, .zeroRange, .allocate: return rest.count > 1
        case .copy:
            if case .copyWord = rest.first { return true } else { return false }
        // All or nothing.
        case .exchange:
            if case .swap = rest.first { return !steps[..<at].contains(where: \.isSwap) }
            return false
        default: return false
        }
    }
}

extension ReferenceFile.Step {
    fileprivate var isSwap: Bool { if case .swap = self { true } else { false } }
}
