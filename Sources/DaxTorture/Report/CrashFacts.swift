package import DaxText

/// What was left of cuts of the power, and how it was judged.
package struct CrashFacts: Hashable, Sendable {
    /// `adr` or `eadr`.
    package var model: String
    package var cuts: UInt64 = 0
    /// Cuts of which what was left was mounted, read and judged.
    package var checked: UInt64 = 0
    /// Words that were left, as far as they were judged, and those of files whose words were moved.
    package var words: UInt64 = 0
    package var wordsLeftOut: UInt64 = 0
    /// Words that had too many possible histories.
    package var undecided: UInt64 = 0
    package var violations: UInt64 = 0
    /// Lines of the caches that were not durable at a cut, in all, and those that were left all the same.
    package var lines: UInt64 = 0
    package var evicted: UInt64 = 0
    package var pages = Pages()
    package var followed = FollowedStores()
    /// SHA-256 of what was left of each cut, in their order.
    package var images: [String] = []

    package init(model: String) { self.model = model }

    /// Pages of syncs, once for each sync, and for how many of them it was asked; why not for others.
    package struct Pages: Hashable, Sendable {
        package var candidates: UInt64 = 0
        package var asked: UInt64 = 0
        package var touched: UInt64 = 0
        package var beside: UInt64 = 0
        package var changed: UInt64 = 0

        package init() {}
    }
}

extension CrashFacts: JSONObject {
    static let members: JSONMembers<CrashFacts> = [
        "model": .at(\.model), "cuts": .at(\.cuts), "checked": .at(\.checked),
        "words": .at(\.words), "words_left_out": .at(\.wordsLeftOut),
        "undecided": .at(\.undecided), "violations": .at(\.violations),
        "lines_not_durable": .at(\.lines), "lines_evicted": .at(\.evicted),
        "pages_synced": .group([
            "candidates": .at(\.pages.candidates), "asked": .at(\.pages.asked),
            "touched": .at(\.pages.touched), "beside": .at(\.pages.beside),
            "changed": .at(\.pages.changed),
        ]),
        "followed": .group([
            "stores": .at(\.followed.stores), "nontemporal": .at(\.followed.streams),
            "flushes": .at(\.followed.flushes), "fences": .at(\.followed.fences),
            "unknown": .at(\.followed.unknown),
        ]),
        "images": .at(\.images),
    ]
    static let blank = CrashFacts(model: "")
}
