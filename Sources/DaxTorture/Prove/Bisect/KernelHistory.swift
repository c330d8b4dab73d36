/// Kernels from a good end to a bad one, and which of them is to be judged next.
package protocol KernelHistory {
    var goodEnd: String { get }
    var badEnd: String { get }
    /// The kernel whose verdict would tell most; nil where none is left to judge between the ends.
    mutating func next() throws -> String?
    /// How many more verdicts it may take at most until the first bad one is known.
    var verdictsLeft: Int { get throws }
    mutating func take(_ verdict: KernelVerdict, of kernel: String) throws
    /// The kernels that may be the first bad one, the oldest first: one, but for the untestable.
    var suspects: [String] { get throws }
}

/// Kernels in one row, the oldest first, of which the last is bad.
package struct KernelRow: KernelHistory {
    private let kernels: [String]
    private var untestable: Set<Int> = []
    /// The last that is known to be good, and the first that is known to be bad.
    private var (good, bad): (Int, Int)

    /// At least two kernels, by names of their own.
    package init(_ kernels: [String]) {
        precondition(kernels.count > 1 && Set(kernels).count == kernels.count, "no row of kernels")
        self.kernels = kernels
        (good, bad) = (0, kernels.count - 1)
    }

    package var goodEnd: String { kernels[0] }
    package var badEnd: String { kernels[kernels.count - 1] }

    /// Those between the two that were not found untestable.
    private var open: [Int] {
        (good..<bad).dropFirst().filter { !untestable.contains($0) }
    }

    package func next() -> String? {
        let open = open
        return open.isEmpty ? nil : kernels[open[open.count / 2]]
    }

    /// Of n open ones there are n + 1 answers, halved each time.
    package var verdictsLeft: Int { Int.bitWidth - open.count.leadingZeroBitCount }

    package mutating func take(_ verdict: KernelVerdict, of kernel: String) {
        guard let index = kernels.firstIndex(of: kernel), (good..<bad).dropFirst().contains(index)
        else { preconditionFailure("a verdict on a kernel that was not asked for") }
        switch verdict {
        case .good: good = index
        case .bad: bad = index
        case .untestable: untestable.insert(index)
        }
    }

    package var suspects: [String] { Array(kernels[(good + 1)...bad]) }
}
