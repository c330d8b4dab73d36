/// Ascending instants, and how many of them lie up to another.
///
/// Operations come at an even pace, so a table of equal slices of time leads close to the answer;
/// a binary search within the slice does the rest, whatever the pace.
struct TimeTable {
    private let instants: ContiguousArray<UInt64>
    /// How many instants lie before each slice.
    private var before: ContiguousArray<Int32> = []
    private let origin: UInt64
    /// A slice has 2 to the power of this many ticks.
    private var shift: UInt64 = 0

    init(_ ascending: ContiguousArray<UInt64>) {
        instants = ascending
        origin = ascending.first ?? 0
        let span = (ascending.last ?? 0) - origin
        while span >> shift > UInt64(2 * ascending.count) { shift += 1 }
        let slices = Int(span >> shift) + 1
        before.reserveCapacity(slices + 1)
        var count = 0
        for slice in 0..<slices {
            while count < instants.count, (instants[count] - origin) >> shift < UInt64(slice) {
                count += 1
            }
            before.append(Int32(count))
        }
        before.append(Int32(instants.count))
    }

    /// How many instants are at `ticks` or before.
    @inline(__always)
    func count(upTo ticks: UInt64) -> Int {
        guard ticks >= origin else { return 0 }
        let slice = (ticks - origin) >> shift
        guard slice < UInt64(before.count - 1) else { return instants.count }
        var low = Int(before[Int(slice)])
        var high = Int(before[Int(slice) + 1])
        while low < high {
            let middle = (low + high) / 2
            if instants[middle] <= ticks { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
