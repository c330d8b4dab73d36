import DaxModel
import DaxOperations
import DaxSystem

/// A file that one actor alone knows, some pages of which fail on purpose.
///
/// It has no name, so that nobody else meets what failed. What is looked at of it is a window of a
/// few pages around the one that fails, all of them under one PMD.
final class PoisonedFile {
    let file: File
    /// Nobody else maps the file: a failure is told once for each mapping.
    var mapping: Mapping
    /// The file's number in the stamps.
    let number: FileNumber
    /// The device's list of bad blocks; nil where the filesystem is not on the whole of a pmem
    /// device: nothing is to fail then.
    let badBlocks: BadBlockList?
    /// The pages that are looked at.
    private(set) var window = 0..<0
    /// What the words of the window must be.
    var expected = Buffer(words: PoisonedFile.mostWords)
    /// What the words of the window were seen to be.
    var seen = Buffer(words: PoisonedFile.mostWords)
    /// Where the trial begins in the actor's log.
    var trial = 0
    /// Whether the device keeps a bad block for good: the file must keep it then, too.
    var isLost = false
    /// What was made to fail, and what came of it.
    var tally = FailureTally()

    /// Pages of the file: as many as two PMDs map.
    static let pages = UInt64(2 * Page.pmdPages)
    /// Sectors of 512 bytes that a page has.
    static let sectorsOfPage = UInt64(Page.bytes / 512)
    /// Pages of the window on each side of the one that fails.
    private static let reach = 2
    private static let mostWords = (2 * reach + 1) * Page.words
    private static let bytes = Int(pages) * Page.bytes
    static let length = UInt64(bytes)

    /// By what a page that has a bad block is made good.
    enum Recovery: CaseIterable, Sendable {
        /// write(2) over all of the page.
        case rewrite
        /// The page's block is given back, and a store has one allocated.
        case punch

        var kind: OperationKind { self == .rewrite ? .poisonRewrite : .poisonPunch }
    }

    /// Makes the file beside `path` and takes its name away.
    init(beside path: String, actor: ActorNumber, number: FileNumber) throws(SystemError) {
        self.number = number
        let name = "\(path).poisoned\(actor)"
        file = try File(name, [.create, .exclusive])
        try Files.remove(name)
        mapping = try Mapping(file, offset: 0, bytes: PoisonedFile.bytes, sharing: .shared)
        badBlocks = try? BadBlockList(of: file.status().device)
    }

    /// Gives the file new blocks, and maps it anew, so that the next access to each page faults;
    /// the window is around `page` now.
    func renew(around page: Int, _ placement: Placement) throws(SystemError) {
        try file.truncate(to: 0)
        try file.allocate(.allocate, offset: 0, length: PoisonedFile.length)
        try map(placement)
        let first = page / Page.pmdPages * Page.pmdPages
        window =
            max(
                first, page - PoisonedFile.reach)..<min(
                first + Page.pmdPages, page + PoisonedFile.reach + 1)
    }

    /// Maps the file anew: the next access to each page faults.
    func map(_ placement: Placement) throws(SystemError) {
        mapping = try Mapping(
            file, offset: 0, bytes: PoisonedFile.bytes, sharing: .shared, placement: placement)
    }

    /// The words of `pages`, which are those of the window or some of them.
    func words(_ pages: Range<Int>) -> Range<Int> {
        pages.lowerBound * Page.words..<pages.upperBound * Page.words
    }

    /// Where a word of the file is in `expected` and `seen`.
    func place(_ word: Int) -> Int { word - window.lowerBound * Page.words }

    /// The first word of `words` that was seen and is not as it must be.
    func firstWrong(_ words: Range<Int>) -> Int? {
        seen.firstDifference(
            from: expected, in: place(words.lowerBound)..<place(words.upperBound)
        ).map { $0 + window.lowerBound * Page.words }
    }

    /// The sectors of the device that `sectors` of `page` are; nil where it has no block.
    func sectors(_ sectors: Range<UInt64>, of page: Int) throws(SystemError) -> Range<UInt64>? {
        let offset = UInt64(page) * UInt64(Page.bytes)
        let extent = try file.extents().first {
            offset >= $0.offset && offset < $0.offset + $0.length
        }
        guard let extent else { return nil }
        let first = (extent.physical + offset - extent.offset) / 512
        return first + sectors.lowerBound..<first + sectors.upperBound
    }
}
