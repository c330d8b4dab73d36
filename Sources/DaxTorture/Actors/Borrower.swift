import DaxModel
package import DaxOperations
package import DaxSystem

/// Reads and writes with a mapping for a buffer: what it writes to one file lies in a mapping of
/// another, or of the same, and what it reads from one goes into a mapping of another.
///
/// The race: the kernel copies between two places that may both be taken away. The mapping's page
/// is faulted in within the call, while the inode's lock of the other file (or of the same) is
/// held, and a truncate of the mapped file may come between. The copy must end where the mapping
/// does, and say so; nothing may be copied from, or into, a block that belongs to somebody else.
///
/// Kernel paths on this side: dax_iomap_rw's dax_copy_from_iter and dax_copy_to_iter, which fault
/// (copy_user_generic, __copy_user_nocache) under ext4's inode lock or XFS's IOLOCK, and the fault
/// handlers that take invalidate_lock below it; io_uring's retry in a worker. On the other:
/// truncates and punches of both files, which take the inode's lock first and invalidate_lock next.
package struct Borrower: Actor {
    let settings: ActorSettings
    private let resources: IOResources

    /// Opens what calls take.
    init(_ settings: ActorSettings, _ context: ActorContext) throws(SystemError) {
        self.settings = settings
        resources = try IOResources(context.files, depth: ActorContext.depth)
    }

    package var refusal: SystemError? { resources.refusal }

    package mutating func step(_ context: ActorContext) {
        let (source, target) = (context.anyFile(), context.anyFile())
        let words = context.words(context.range(settings, in: target))
        let most = source.limit / 8 - UInt64(words.count)
        let from = min(context.words(context.range(settings, in: source)).lowerBound, most)
        // Words that are copied onto themselves while they are read would be another subject.
        if source === target && (from..<from + UInt64(words.count)).overlaps(words) {
            context.load(target, word: words.lowerBound, count: min(words.count, 8))
            return
        }
        let way = CallWay.allCases[context.random.weighted([2, 2, 1])]
        switch context.random.weighted([2, 2, 1, 1]) {
        case 0: context.write(target, words, from: source, at: from, by: way, resources)
        case 1: context.read(into: target, words, from: source, at: from, by: way, resources)
        case 2: context.write(target, words, from: source, at: from)
        default: context.read(into: target, words, from: source, at: from)
        }
    }
}
