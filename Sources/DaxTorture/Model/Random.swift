/// A seeded generator whose stream is the same on every machine and in every release of Swift.
///
/// Every random choice of a run comes from here, so that the seed alone names the run. It is
/// xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018),
/// seeded by splitmix64 as its authors advise. `Int.random(in:using:)` is not used on it: the
/// standard library does not promise the same mapping from one release to the next.
public struct Random: Sendable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    /// A generator for `seed`; `stream` gives independent generators for one seed, one an actor.
    public init(seed: UInt64, stream: UInt64 = 0) {
        var state = seed ^ Random.mix(stream &+ 0x632b_e59b_d9b4_e019)
        func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            return Random.mix(state)
        }
        s0 = next()
        s1 = next()
        s2 = next()
        s3 = next()
    }

    /// The next 64 uniform bits.
    public mutating func next() -> UInt64 {
        let result = Random.rotate(s1 &* 5, 7) &* 9
        let t = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= t
        s3 = Random.rotate(s3, 45)
        return result
    }

    /// A uniform value in `0 ..< bound`; `bound` is 1 or more (Lemire's multiply and reject).
    public mutating func below(_ bound: UInt64) -> UInt64 {
        precondition(bound > 0, "a random choice among nothing")
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// A uniform value in `0 ..< bound`.
    public mutating func below(_ bound: Int) -> Int { Int(below(UInt64(bound))) }

    /// A uniform value of a closed range.
    public mutating func within(_ range: ClosedRange<UInt64>) -> UInt64 {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// True in `numerator` of `denominator` draws on average.
    public mutating func chance(_ numerator: UInt64, in denominator: UInt64) -> Bool {
        below(denominator) < numerator
    }

    /// An index into `weights`, each drawn in proportion to its weight; their sum is above zero.
    public mutating func weighted(_ weights: [UInt64]) -> Int {
        var left = below(weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if left < weight { return index }
            left -= weight
        }
        preconditionFailure("a draw beyond the sum of its weights")
    }

    /// The finaliser of splitmix64: a bijection of 64 bits in which every input bit reaches every
    /// output bit.
    @inlinable
    public static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    private static func rotate(_ value: UInt64, _ by: UInt64) -> UInt64 {
        (value << by) | (value >> (64 - by))
    }
}
