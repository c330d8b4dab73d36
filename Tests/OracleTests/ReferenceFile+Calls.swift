import DaxModel
import DaxOracle
import TestSupport

extension ReferenceFile {
    /// Works out the rest of a call once it holds the inode's lock.
    mutating func plan(_ running: inout Running) {
        var steps: [Step] = []
        let choices = running.order.choices
        let old = size
        switch running.order.call {
        case .truncate(let new):
            isInvalidating = true
            steps.append(.setSize(new))
            if new < old {
                let edge = (new + 4095) / 4096
                for page in edge..<Program.pages { steps.append(.zap(page: page)) }
                for page in edge..<Program.pages {
                    steps.append(.clear(512 * page..<512 * page + 512))
                }
                steps += clearing(new / 8..<512 * edge, choices)
            } else if choices & 2 != 0 {
                steps += clearing(tail(of: old), choices)
            }
        case .punch(let words):
            isInvalidating = true
            steps += emptying(words, choices)
            if choices & 2 != 0 && 8 * words.lowerBound < old && 8 * words.upperBound > old {
                steps += clearing(tail(of: old), choices)
            }
        case .zeroRange(let words, let keepSize):
            isInvalidating = true
            steps += emptying(words, choices)
            if !keepSize { steps += growing(words, choices) }
        case .allocate(let words, let keepSize):
            if !keepSize { steps += growing(words, choices) }
        case .write(let all):
            // One in parts stops at the end of a page, and goes on when it has the lock again.
            let words = all.lowerBound + UInt64(running.done)..<all.upperBound
            let border = (words.lowerBound / 512 + 1) * 512
            if running.order.isInParts && border < words.upperBound {
                steps += words.prefix { $0 < border }.map { .copyIn(word: $0, byte: nil) }
                if 8 * border > old { steps.append(.setSize(8 * border)) }
                running.steps =
                    Array(running.steps[...running.at]) + steps
                    + [.pause, .lock(shared: false), .plan]
                return
            }
            let end = 8 * words.upperBound
            if end > old && choices & 2 != 0 { steps += clearing(tail(of: old), choices) }
            for word in words {
                if choices & 4 == 0 {
                    steps.append(.copyIn(word: word, byte: nil))
                } else {
                    steps += (0..<8).map { .copyIn(word: word, byte: $0) }
                }
            }
            if end > old { steps.append(.setSize(end)) }
        case .collapse(let words):
            guard 8 * words.upperBound < size else {
                running.result = .refused
                break
            }
            isInvalidating = true
            steps += zapping(from: words.lowerBound)
            steps.append(.move(from: words.upperBound, to: words.lowerBound))
            steps.append(.setSize(size - 8 * UInt64(words.count)))
            if choices & 2 != 0 { steps.swapAt(steps.count - 1, steps.count - 2) }
        case .insert(let words):
            guard 8 * words.lowerBound < size,
                size + 8 * UInt64(words.count) <= 8 * Program.words
            else {
                running.result = .refused
                break
            }
            isInvalidating = true
            steps += zapping(from: words.lowerBound)
            steps.append(.move(from: words.lowerBound, to: words.upperBound))
            steps.append(.setSize(size + 8 * UInt64(words.count)))
            if choices & 2 != 0 { steps.swapAt(steps.count - 1, steps.count - 2) }
        case .copy(let words, let from):
            // What lies beyond the source's end is not copied.
            let count = min(UInt64(words.count), size / 8 - min(size / 8, from))
            let to = words.lowerBound..<words.lowerBound + count
            if count > 0, 8 * to.upperBound > old && choices & 2 != 0 {
                steps += clearing(tail(of: old), choices)
            }
            for word in to {
                let source = from + (word - to.lowerBound)
                if choices & 4 == 0 {
                    steps.append(.copyWord(from: source, to: word, byte: nil))
                } else {
                    steps += (0..<8).map { .copyWord(from: source, to: word, byte: $0) }
                }
            }
            if count > 0, 8 * to.upperBound > old { steps.append(.setSize(8 * to.upperBound)) }
        case .exchange(let words, let other):
            guard 8 * max(words.upperBound, other + UInt64(words.count)) <= size else {
                running.result = .refused
                break
            }
            isInvalidating = true
            for page in 0..<UInt64(words.count) / 512 {
                steps.append(.zap(page: words.lowerBound / 512 + page))
                steps.append(.zap(page: other / 512 + page))
            }
            for page in stride(from: 0, to: UInt64(words.count), by: 512) {
                steps.append(.swap(page: words.lowerBound + page, with: other + page))
            }
        default:
            preconditionFailure("a call without a plan")
        }
        running.steps = Array(running.steps[...running.at]) + steps + [.unlock]
    }

    /// The words between a size and the end of its page.
    private func tail(of size: UInt64) -> Range<UInt64> {
        size / 8..<(size + 4095) / 4096 * 512
    }

    /// Takes away every mapping from a word on.
    private func zapping(from word: UInt64) -> [Step] {
        (word / 512..<Program.pages).map { .zap(page: $0) }
    }

    /// A memset, by words or by bytes.
    private func clearing(_ words: Range<UInt64>, _ choices: UInt64) -> [Step] {
        // Few bytes are enough to be torn; all would be many steps.
        words.flatMap { word -> [Step] in
            choices & 8 != 0 && word - words.lowerBound < 8
                ? (0..<8).map { .clearByte(word: word, byte: $0) }
                : [.clear(word..<word + 1)]
        }
    }

    /// Whole pages are taken away; parts of pages are cleared, up to the end of file or, as the
    /// other filesystem does, to the end of its page.
    private func emptying(_ words: Range<UInt64>, _ choices: UInt64) -> [Step] {
        var steps: [Step] = []
        let reach = choices & 16 == 0 ? size / 8 : (size + 4095) / 4096 * 512
        for page in words.lowerBound / 512...(words.upperBound - 1) / 512 {
            let all = 512 * page..<512 * page + 512
            let part = words.clamped(to: all)
            if part == all {
                if 4096 * page >= size && choices & 128 != 0 { continue }
                steps.append(.zap(page: page))
                steps.append(.clear(all))
            } else {
                steps += clearing(part.clamped(to: 0..<max(reach, part.lowerBound)), choices)
            }
        }
        return steps
    }

    /// Growth by allocation of some words: in one go, or page by page.
    private func growing(_ words: Range<UInt64>, _ choices: UInt64) -> [Step] {
        let end = 8 * words.upperBound
        guard end > size else { return [] }
        var steps = choices & 2 != 0 ? clearing(tail(of: size), choices) : []
        if choices & 32 != 0 {
            var next = max(size, 8 * words.lowerBound) / 4096 * 4096 + 4096
            while next < end {
                steps.append(.setSize(next))
                next += 4096
            }
        }
        return steps + [.setSize(end)]
    }
}

// MARK: - Defects

extension ReferenceFile {
    /// What a broken kernel might do.
    enum Defect: CaseIterable {
        /// Some stores reach nothing.
        case lostStore
        /// A load sees what was there before.
        case staleRead
        /// What a punch or a shrink cleared comes back when they are over.
        case resurrection
        /// Mappings stay.
        case missingSigbus
        /// The last page counts as beyond the end.
        case earlySigbus
        /// Some stores go to the word before.
        case foreignStamp
        /// A load sees what is stored only later.
        case futureRead
        /// Some truncates return and have done nothing to the size.
        case lostTruncate
        /// Some words that ought to move stay where they are.
        case lostMove
        /// Of some exchanges of pages one half stays where it is.
        case lostHalf
        /// Some pages with data in them are holes to lseek(2).
        case dataInAHole
        /// A write that fails beyond the end makes the file longer, but not as long as to where it began.
        case failedWriteGrows
    }

    /// Whether a defect of this sort strikes now: in one of six chances.
    mutating func strikes(_ one: Defect) -> Bool {
        guard defect == one, random.chance(1, in: 6) else { return false }
        struck = true
        return true
    }

    /// What a defect makes of a load.
    mutating func strange(_ word: UInt64, _ running: Running) -> UInt64? {
        switch defect {
        case .staleRead where older[Int(word)] != words[Int(word)]:
            struck = true
            return older[Int(word)]
        case .futureRead:
            for actor in actors {
                guard actor.next < actor.orders.count else { continue }
                let (_, order) = actor.orders[actor.next]
                guard case .store(let range, _) = order.call, range.contains(word) else {
                    continue
                }
                struck = true
                return Make.stamp(order.actor, actor.sequence + 1, word)
            }
            return nil
        default:
            return nil
        }
    }

    mutating func putBack() {
        guard !later.isEmpty else { return }
        for entry in later where entry.due <= clock && entry.word < Int(size / 8) {
            words[entry.word] = entry.value
        }
        later.removeAll { $0.due <= clock }
    }
}
