/// How many wrong observations were put in place of right ones, and how many of them were refused.
package struct PowerFacts: Hashable, Sendable {
    package struct Count: Hashable, Sendable {
        package var tried: UInt64
        package var refused: UInt64

        package init(tried: UInt64 = 0, refused: UInt64 = 0) {
            self.tried = tried
            self.refused = refused
        }

        package static func += (a: inout Count, b: Count) {
            a.tried += b.tried
            a.refused += b.refused
        }
    }

    /// What was put in place of what, in the order of the JSON.
    package enum Sort: String, CaseIterable, Sendable {
        case zeroForStamp = "zero_for_stamp"
        case stampBefore = "stamp_before"
        case stampForZero = "stamp_for_zero"
        case sigbusForSuccess = "sigbus_for_success"
        case successForSigbus = "success_for_sigbus"
    }

    private var counts: [Sort: Count] = [:]

    package init() {}

    package subscript(sort: Sort) -> Count {
        get { counts[sort] ?? Count() }
        set { counts[sort] = newValue == Count() ? nil : newValue }
    }

    /// Whether more than half of the zeros in place of stamps would have gone unseen.
    package var isWeak: Bool {
        let count = self[.zeroForStamp]
        return count.tried > 0 && 2 * count.refused < count.tried
    }
}

/// How the words read, and the sizes seen, were decided.
package struct DecidedFacts: Hashable, Sendable {
    package struct Words: Hashable, Sendable {
        package var words: UInt64 = 0
        package var exact: UInt64 = 0
        package var oneSided: UInt64 = 0
        package var byCopy: UInt64 = 0
        package var torn: UInt64 = 0
        package var undecided: UInt64 = 0

        package init() {}

        package static func += (a: inout Words, b: Words) {
            a.words += b.words
            a.exact += b.exact
            a.oneSided += b.oneSided
            a.byCopy += b.byCopy
            a.torn += b.torn
            a.undecided += b.undecided
        }
    }

    /// How the words of racing reads, which are actors' beside others, were decided.
    package var racing = Words()
    /// How the words of the audits' reads, at quiet points, were decided.
    package var audits = Words()

    /// Observations of a size that no single size explains at once.
    package struct Sizes: Hashable, Sendable {
        /// Observations for which a legal order of all changes of the size was searched, and found
        /// or not.
        package var searched: UInt64 = 0
        /// Observations for which there were too many orders.
        package var undecided: UInt64 = 0

        package init() {}
    }

    package var sizes = Sizes()

    package init() {}
}
