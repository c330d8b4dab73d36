internal import DaxModel

/// One read or write as it bears on the word in hand.
struct Visit {
    var invoked: UInt64
    var returned: UInt64
    /// A write's stamp without its check; of a read, what added to the word gives the place of its
    /// value in the pool.
    var operand: UInt64
    /// The first word beyond the read or write.
    var end: UInt64
    /// The index of the read or write among the history's.
    var record: UInt32
    var isWrite: Bool
    /// Whether the visit is a write that may not have taken place.
    var isPossible: Bool
    var isTorn: Bool
    /// Whether the visit is a read of the harness's own, at a quiet point.
    var isAudit: Bool

    @inline(__always)
    init(_ write: Write, record: UInt32) {
        invoked = write.interval.invoked.ticks
        returned = write.interval.returned.ticks
        operand = Stamp.head(actor: write.operation.actor, sequence: write.sequence)
        end = write.first + UInt64(write.count)
        self.record = record
        isWrite = true
        isPossible = write.certainty == .possible
        isTorn = write.torn
        isAudit = false
    }

    @inline(__always)
    init(_ read: Read, record: UInt32) {
        invoked = read.interval.invoked.ticks
        returned = read.interval.returned.ticks
        operand = UInt64(read.values) &- read.first
        end = read.first + UInt64(read.count)
        self.record = record
        isWrite = false
        isPossible = false
        isTorn = read.torn
        isAudit = read.operation.actor == .harness
    }
}

/// The reads and writes of a history by their first words, ascending.
struct Arrivals {
    struct Arrival {
        var word: UInt64
        /// Twice the place among the writes, or twice that among the reads plus one.
        var code: UInt32
    }

    private(set) var sorted: ContiguousArray<Arrival>

    init(_ history: History) {
        precondition(
            max(history.writes.count, history.reads.count) < 1 << 31, "too long an epoch")
        var arrivals: ContiguousArray<Arrival> = []
        arrivals.reserveCapacity(history.writes.count + history.reads.count)
        var highest: UInt64 = 0
        for (index, write) in history.writes.enumerated() where write.count > 0 {
            arrivals.append(Arrival(word: write.first, code: UInt32(index) << 1))
            highest = max(highest, write.first)
        }
        for (index, read) in history.reads.enumerated() where read.count > 0 {
            arrivals.append(Arrival(word: read.first, code: UInt32(index) << 1 | 1))
            highest = max(highest, read.first)
        }
        sorted = arrivals
        sort(upTo: highest)
    }

    /// A radix sort, 11 bits at a time: its cost grows with the number of records alone.
    private mutating func sort(upTo highest: UInt64) {
        let bits: UInt64 = 11
        let mask: UInt64 = 1 << bits - 1
        var shift: UInt64 = 0
        var other = sorted
        while shift < 64, highest >> shift != 0 {
            var places = ContiguousArray(repeating: 0, count: Int(mask) + 1)
            for arrival in sorted { places[Int(arrival.word >> shift & mask)] += 1 }
            var sum = 0
            for digit in places.indices { (places[digit], sum) = (sum, sum + places[digit]) }
            for arrival in sorted {
                let digit = Int(arrival.word >> shift & mask)
                other[places[digit]] = arrival
                places[digit] += 1
            }
            swap(&sorted, &other)
            shift += bits
        }
    }
}
