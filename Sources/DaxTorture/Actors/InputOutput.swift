import DaxModel
package import DaxOperations
package import DaxSystem

/// Reads and writes by every call that there is: pread(2) and pwrite(2), their cousins with flags,
/// O_DIRECT, O_SYNC and O_TRUNC, io_uring with registered files and memory, buffers that fault half
/// way; and it pins pages (vmsplice(2)) while their file is cut.
///
/// The race: a call reaches the blocks by the extent tree, a mapping by the page table, and nothing
/// but the inode's lock and the invalidation of hole pages makes them agree. A call that faults in
/// the middle has put part of its work into the file, and says how much. A pinned page must keep its
/// block, though nothing maps it any more.
///
/// Kernel paths on this side: ext4_dax_read_iter, ext4_dax_write_iter, xfs_file_dax_read,
/// xfs_file_dax_write, dax_iomap_rw (dax_copy_from_iter, IOCB_NOWAIT, what is left of a short copy),
/// generic_write_sync, io_import_fixed, io_sq_thread, iter_to_pipe. On the other: dax_layout_busy_page
/// and the waits of ext4_break_layouts and xfs_break_layouts, invalidate_inode_pages2_range under
/// faults, truncates and punches that wait for the inode's lock.
package struct InputOutput: Actor {
    let settings: ActorSettings
    private let resources: IOResources

    /// Opens the descriptors, rings and memory that calls take.
    init(_ settings: ActorSettings, _ context: ActorContext) throws(SystemError) {
        self.settings = settings
        resources = try IOResources(context.files, depth: ActorContext.depth)
    }

    package var refusal: SystemError? { resources.refusal }

    /// The most words of one read, or of all reads of a batch: a step's values must fit the log.
    private static let mostRead: UInt64 = 512

    /// What a step does.
    private enum Choice: CaseIterable {
        case read
        case write
        case batch
        case fault
        case pin
        /// Empties the file by O_TRUNC, which takes all pages out of the mappings.
        case empty
    }

    /// What the actor's first steps do, the last first: all that the role is there for. Were it
    /// drawn, a pin might take longer to come than a short run on a busy host lasts.
    private var first: [(choice: Choice, way: CallWay, unmap: Bool)] = [
        (.batch, .plain, false), (.batch, .plain, false), (.write, .synchronous, false),
        (.write, .direct, false), (.read, .direct, false), (.write, .plain, false),
        (.read, .plain, false), (.pin, .plain, true), (.pin, .plain, false),
    ]

    package mutating func step(_ context: ActorContext) {
        let file = context.anyFile()
        let words = words(context, file)
        let few = words.prefix(InputOutput.mostRead)
        let isFirst = !first.isEmpty
        let (choice, way, unmap) = first.popLast() ?? draw(context)
        switch choice {
        case .read:
            context.read(
                file, few, by: way, resources, isFirst ? [] : flags(context, writing: false))
        case .write:
            context.write(
                file, words, by: way, resources, isFirst ? [] : flags(context, writing: true))
        case .batch: batch(context, file, reading: isFirst)
        case .fault: fault(context, file, words.lowerBound, way)
        case .pin: Pinner.pin(context, file, words.lowerBound, unmap: unmap, resources)
        case .empty:
            context.empty(file)
            context.extents(file, [.truncate(to: file.limit)], linked: false)
        }
    }

    private func draw(_ context: ActorContext) -> (Choice, CallWay, Bool) {
        let way = CallWay.allCases[context.random.weighted([4, 3, 1])]
        let empties: UInt64 = context.epochKind == .keepsMappings ? 0 : 1
        let choice = Choice.allCases[context.random.weighted([24, 24, 16, 12, 4, empties])]
        return (choice, way, context.random.chance(1, in: 3))
    }

    private func words(_ context: ActorContext, _ file: FileUnderTest) -> Range<UInt64> {
        context.words(context.range(settings, in: file))
    }

    private func flags(_ context: ActorContext, writing: Bool) -> TransferFlags {
        switch context.random.weighted([5, 1, 2, writing ? 1 : 0, writing ? 1 : 0]) {
        case 0: []
        case 1: .polled
        case 2: .noWait
        case 3: .dataSynchronous
        default: .synchronous
        }
    }

    /// One to eight operations at once: any, or writes each followed by a read of the same words
    /// or by an fsync, one after the other; always a read if `reading`.
    private func batch(_ context: ActorContext, _ file: FileUnderTest, reading: Bool) {
        let linked = context.random.chance(1, in: 2)
        let most = InputOutput.mostRead / UInt64(ActorContext.depth)
        var operations: [FixedOperation] = []
        for _ in 0..<context.random.within(1...UInt64(ActorContext.depth / 2)) {
            let place = words(context, file)
            let wide = place.prefix(UInt64(IOResources.fixedWords / ActorContext.depth))
            operations += [.write(wide)]
            switch context.random.weighted(reading ? [1, 0, 0] : [2, 2, 1]) {
            case 0: operations += [.read((linked ? place : words(context, file)).prefix(most))]
            case 1: operations[operations.count - 1] = .read(place.prefix(most))
            default: operations += [.fsync]
            }
        }
        context.fixed(
            file, operations, linked: linked, polled: context.random.chance(1, in: 2), resources)
    }

    /// A read or a write of up to two pages, of which the buffer has no more than the first part: of a
    /// write a word at least, unless it may fail at once. Where the file ends then nobody knows before.
    private func fault(
        _ context: ActorContext, _ file: FileUnderTest, _ word: UInt64, _ way: CallWay
    ) {
        let page = UInt64(Page.words)
        let reachable = context.random.below(page)
        let length = min(reachable + context.random.within(1...page), file.limit / 8 - word)
        let (words, part) = (word..<word + length, Int(min(reachable, length)))
        if context.random.chance(1, in: 2) {
            context.read(file, words, by: way, resources, reachable: part)
        } else {
            context.write(file, words, by: way, resources, reachable: settings.readable(part))
        }
    }
}

extension ActorSettings {
    /// How many words of a write can be read, of which `part` were drawn.
    func readable(_ part: Int) -> Int { failingGrowth ? part : max(part, 1) }
}

extension Range<UInt64> {
    /// The first `most` words of the range, or all.
    func prefix(_ most: UInt64) -> Range<UInt64> {
        lowerBound..<lowerBound + Swift.min(upperBound - lowerBound, most)
    }
}
