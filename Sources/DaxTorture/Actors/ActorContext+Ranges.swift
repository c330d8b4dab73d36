import DaxModel
import DaxOperations

extension ActorContext {
    /// One of the files under test.
    func anyFile() -> FileUnderTest { files[random.below(files.count)] }

    /// A range of bytes within the file's largest size: it begins in the focus, at a multiple of
    /// the alignment, and its length is drawn so that every power of two is as likely.
    func range(_ settings: ActorSettings, in file: FileUnderTest) -> Range<UInt64> {
        let page = hotWindow.page(&random) % file.pages
        let within = random.below(UInt64(Page.bytes)) & ~(settings.alignment - 1)
        var start = (page * UInt64(Page.bytes) + within) & ~(settings.alignment - 1)
        let length = self.length(settings)
        if start + length > file.limit {
            start = (file.limit - length) & ~(settings.alignment - 1)
        }
        return start..<start + length
    }

    /// A length between the settings' bounds, a multiple of a word.
    func length(_ settings: ActorSettings) -> UInt64 {
        let (low, high) = (settings.bytes.lowerBound, settings.bytes.upperBound)
        let doublings = UInt64(high.leadingZeroBitCount.distance(to: low.leadingZeroBitCount))
        let top = min(high, low << random.within(0...doublings))
        let unit = UInt64(Page.wordBytes)
        return max(unit, random.within(low...max(low, top)) & ~(unit - 1))
    }

    /// Writes stamps where `bytes` were taken away, as many as the buffer holds: else nearly all that
    /// is read are zeros, of which the oracle can say least. In free epochs only: it takes the time of whoever
    /// others race with, and small extents keep PMD faults away.
    func refill(_ file: FileUnderTest, _ bytes: Range<UInt64>) {
        let words = self.words(bytes).prefix(UInt64(capacity))
        if epochKind == .free && !words.isEmpty { write(file, [words], linked: false) }
    }

    /// Whole pages, rounded out.
    func pages(_ bytes: Range<UInt64>) -> Range<UInt64> {
        let size = UInt64(Page.bytes)
        return bytes.lowerBound / size..<(bytes.upperBound + size - 1) / size
    }

    /// Whole words, rounded in.
    func words(_ bytes: Range<UInt64>) -> Range<UInt64> {
        let unit = UInt64(Page.wordBytes)
        let first = (bytes.lowerBound + unit - 1) / unit
        return first..<max(first, bytes.upperBound / unit)
    }
}
