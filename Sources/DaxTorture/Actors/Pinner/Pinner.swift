import DaxModel
import DaxOperations
import DaxSystem

/// Pins pages by vmsplice(2), holds them, and looks at them again, while their files are cut.
///
/// The race: a pinned page needs no page-table entry any more. Whoever frees its block must ask
/// for pins, not for mappings, and wait for them: else the block is somebody else's while the pin
/// still reads it, or writes it.
///
/// Kernel paths on this side: vmsplice_to_pipe, iter_to_pipe, get_user_pages_fast and the fault
/// behind it, munmap, put_page when the pipe is read. On the other: dax_layout_busy_page_range,
/// ext4_break_layouts and xfs_break_layouts, which wait for the page's reference count, and
/// dax_disassociate_entry, which warns if they did not.
///
/// Before Linux 6.15 dax_layout_busy_page_range looks for no pins in a file that nobody maps ("fs/dax:
/// Return unmapped busy pages from dax_layout_busy_page_range"). The files under test are mapped
/// always; the private file is there for that, and this role is not part of any default.
struct Pinner: Actor {
    let settings: ActorSettings
    private let resources: IOResources
    private let trials: PinTrials

    /// Makes the file that it is about, and what pins take.
    init(_ settings: ActorSettings, _ context: ActorContext) throws(SystemError) {
        self.settings = settings
        resources = try IOResources(context.files, depth: ActorContext.depth)
        trials = try PinTrials(context, resources)
    }

    var refusal: SystemError? { resources.refusal }

    mutating func step(_ context: ActorContext) {
        if context.random.chance(1, in: 2) {
            let file = context.anyFile()
            Self.pin(
                context, file, context.words(context.range(settings, in: file)).lowerBound,
                unmap: context.random.chance(1, in: 3), resources)
        } else {
            // Long enough for a punch that does not wait, its commit and a write behind it.
            trials.pinPrivate(for: context.random.below(8 * Self.longest))
        }
    }

    /// The longest that a page of a file under test is held, in nanoseconds: truncates and punches
    /// of the file wait for it.
    private static let longest: UInt64 = 4_000_000

    /// Pins up to 64 words from `word` on, within its page, for a while; `unmap` says whether by a
    /// mapping that is gone meanwhile.
    static func pin(
        _ context: ActorContext, _ file: FileUnderTest, _ word: UInt64, unmap: Bool,
        _ resources: IOResources
    ) {
        let edge = (word / UInt64(Page.words) + 1) * UInt64(Page.words)
        let words = word..<min(edge, word + context.random.within(1...64))
        context.pin(file, words, for: context.random.below(longest), unmap: unmap, resources)
    }
}
