package import DaxModel

/// Where the actors meet: a window of the file in which most operations of an epoch fall.
///
/// Races need two actors on one page. In a file large enough for PMD faults, uniform choices meet
/// too seldom; so every epoch has a window, from a single page to the whole file, the same for
/// all actors since it follows from the seed and the epoch alone.
package struct HotWindow: BitwiseCopyable, Hashable, Sendable {
    // A range is not BitwiseCopyable, which what is told to another process must be.
    private let first: UInt64
    private let end: UInt64
    /// The file's largest size in pages.
    package let pages: UInt64

    package init(seed: UInt64, epoch: UInt64, pages: UInt64) {
        var random = Random(seed: seed ^ 0xf0c5, stream: epoch)
        let sizes: [UInt64] = [4, 16, 64, UInt64(Page.pmdPages), 2 * UInt64(Page.pmdPages), pages]
        let size = min(sizes[random.weighted([3, 6, 2, 3, 1, 1])], pages)
        // A window of PMDs begins at one; a smaller one lies across a PMD's border now and then.
        let step = size >= UInt64(Page.pmdPages) ? UInt64(Page.pmdPages) : size / 2
        first = random.below((pages - size) / step + 1) * step
        end = first + size
        self.pages = pages
    }

    /// In pages.
    package var window: Range<UInt64> { first..<end }

    /// One window for a duel: a PMD, or four pages.
    package init(pmd: Bool, pages: UInt64, random: inout Random) {
        let size = pmd ? UInt64(Page.pmdPages) : 4
        first = random.below(pages / size) * size
        end = first + size
        self.pages = pages
    }

    /// A page of the file: in the window seven times of eight.
    package func page(_ random: inout Random) -> UInt64 {
        if random.chance(1, in: 8) { return random.below(pages) }
        return window.lowerBound + random.below(UInt64(window.count))
    }
}
