/// How many wrong observations were put in place of right ones, and how many of them were refused.
public struct PowerFacts: Hashable, Sendable {
    public struct Count: Hashable, Sendable {
        public var tried: UInt64
        public var refused: UInt64

        public init(tried: UInt64 = 0, refused: UInt64 = 0) {
            self.tried = tried
            self.refused = refused
        }

        public static func += (a: inout Count, b: Count) {
            a.tried += b.tried
            a.refused += b.refused
        }
    }

    /// By what was put in place of what, in the order of the JSON.
    public enum Sort: String, CaseIterable, Sendable {
        case zeroForStamp = "zero_for_stamp"
        case stampBefore = "stamp_before"
        case stampForZero = "stamp_for_zero"
        case sigbusForSuccess = "sigbus_for_success"
        case successForSigbus = "success_for_sigbus"
    }

    private var counts: [Sort: Count] = [:]

    public init() {}

    public subscript(sort: Sort) -> Count {
        get { counts[sort] ?? Count() }
        set { counts[sort] = newValue == Count() ? nil : newValue }
    }

    /// Whether more than half of the zeros in place of stamps would have gone unseen.
    public var isWeak: Bool {
        let count = self[.zeroForStamp]
        return count.tried > 0 && 2 * count.refused < count.tried
    }
}

/// How the words read, and the sizes seen, were decided.
public struct DecidedFacts: Hashable, Sendable {
    public struct Words: Hashable, Sendable {
        public var words: UInt64 = 0
        public var exact: UInt64 = 0
        public var oneSided: UInt64 = 0
        public var byCopy: UInt64 = 0
        public var torn: UInt64 = 0
        public var undecided: UInt64 = 0

        public init() {}

        public static func += (a: inout Words, b: Words) {
            a.words += b.words
            a.exact += b.exact
            a.oneSided += b.oneSided
            a.byCopy += b.byCopy
            a.torn += b.torn
            a.undecided += b.undecided
        }
    }

    /// Of reads by actors, beside others.
    public var racing = Words()
    /// Of the audits' reads, at quiet points.
    public var audits = Words()

    /// Observations of a size that no single size explains at once.
    public struct Sizes: Hashable, Sendable {
        /// A legal order of all changes of the size was searched for, and found or not.
        public var searched: UInt64 = 0
        /// There were too many orders.
        public var undecided: UInt64 = 0

        public init() {}
    }

    public var sizes = Sizes()

    public init() {}
}
