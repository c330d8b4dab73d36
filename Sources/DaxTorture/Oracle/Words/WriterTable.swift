internal import DaxModel

/// Finds the cluster of a stamp among the writes that visit a word.
struct WriterTable {
    /// Stamps without their checks, with their clusters: a list while short, a hash table else.
    private var heads: ContiguousArray<UInt64> = []
    private var clusters: ContiguousArray<Int32> = []
    private var mask = 0
    private static let listed = 8

    /// Takes in the writes of `visits`, which count as clusters 1, 2, 3 ... in their order.
    mutating func note(_ visits: ContiguousArray<Visit>) {
        heads.removeAll(keepingCapacity: true)
        clusters.removeAll(keepingCapacity: true)
        mask = 0
        for index in visits.indices where visits[index].isWrite {
            let head = visits[index].operand
            if heads.count < WriterTable.listed {
                precondition(!heads.contains(head), WriterTable.twice)
            }
            heads.append(head)
        }
        if heads.count > WriterTable.listed { hash() }
    }

    private static var twice: String { "an actor wrote a word twice with one sequence" }

    private mutating func hash() {
        let listed = heads
        var size = 16
        while size < 2 * listed.count { size *= 2 }
        mask = size - 1
        heads = ContiguousArray(repeating: 0, count: size)
        clusters = ContiguousArray(repeating: 0, count: size)
        for (index, head) in listed.enumerated() {
            let slot = slot(of: head)
            precondition(heads[slot] == 0, WriterTable.twice)
            heads[slot] = head
            clusters[slot] = Int32(index + 1)
        }
    }

    /// The slot of a head, or the free one where it would be.
    private func slot(of head: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: Random.mix(head)) & mask
        while heads[slot] != 0 && heads[slot] != head { slot = (slot + 1) & mask }
        return slot
    }

    /// The cluster whose write has the head of `value`; -1 if none has.
    @inline(__always)
    func cluster(of value: UInt64) -> Int32 {
        let head = value & ~0xff_ffff
        if mask == 0 {
            for index in heads.indices where heads[index] == head { return Int32(index + 1) }
            return -1
        }
        let slot = slot(of: head)
        return heads[slot] == head && head != 0 ? clusters[slot] : -1
    }
}

/// The patterns of a stretch that were found clean: the last few.
struct CleanPatterns {
    private var a: UInt64 = 0
    private var b: UInt64 = 0
    private var c: UInt64 = 0

    mutating func forget() { (a, b, c) = (0, 0, 0) }

    @inline(__always)
    func contains(_ pattern: UInt64?) -> Bool {
        guard let pattern else { return false }
        return pattern == a || pattern == b || pattern == c
    }

    mutating func insert(_ pattern: UInt64?) {
        guard let pattern else { return }
        (a, b, c) = (pattern, a, b)
    }
}
