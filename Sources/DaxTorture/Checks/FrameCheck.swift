package import DaxModel
import DaxOperations
package import DaxOracle
package import DaxSystem

/// Compares what mappings reach with where FIEMAP says that the file lies (rule R12).
package struct FrameCheck {
    private var table: Pagemap
    /// The frames of the device.
    private let device: Range<FrameNumber>
    /// Whether pages of zeros over written blocks count.
    private let isStrict: Bool

    /// Why page frames are not judged here.
    package struct Unknown: Error, CustomStringConvertible {
        package let description: String
        package init(description: String) { self.description = description }
    }

    /// A check of files in `directory`. All that it takes is tried on a file of its own there,
    /// which nobody else touches and which is gone then.
    ///
    /// Throws where the device's memory, its page frames or the file's extents cannot be had, and
    /// where they do not agree: then something that is not known here lies between the filesystem
    /// and the memory.
    ///
    /// `memory` gives the physical addresses of a block device.
    package init(
        directory: String, strict: Bool, memory: (DeviceNumber) throws -> Range<UInt64>
    ) throws {
        isStrict = strict
        table = try Pagemap()
        let path = "\(directory)/\(ActorContext.ownPrefix)frames"
        let file = try File(path, [.create, .exclusive])
        defer { try? Files.remove(path) }
        let memory = try memory(file.status().device)
        guard memory.lowerBound % UInt64(Page.bytes) == 0 else {
            throw Unknown(description: "the device begins within a page")
        }
        device = FrameNumber(at: memory.lowerBound)..<FrameNumber(at: memory.upperBound)
        try check(file)
    }

    /// A copy of this check for a process that was forked since, about that process's own mappings.
    package func reopened() throws(SystemError) -> FrameCheck {
        var check = self
        check.table = try Pagemap()
        return check
    }

    /// Stores into a new file, and asks whether its page is where it must be.
    private func check(_ file: borrowing File) throws {
        let size = UInt64(Page.bytes)
        try file.truncate(to: size)
        let mapping = try Mapping(file, offset: 0, bytes: Page.bytes, sharing: .shared)
        var one = Buffer(words: 1)
        one[0] = 1
        guard mapping.store(0, count: 1, from: one).fault == nil else {
            throw Unknown(description: "a new file cannot be stored to")
        }
        guard let frame = try frames(of: mapping)[0] else {
            throw Unknown(description: "/proc/self/pagemap lacks a page that was stored to")
        }
        guard !frame.isHidden else {
            throw Unknown(description: "/proc/self/pagemap shows no page frames to this user")
        }
        let blocks = try blocks(of: file)
        let found = blocks.judge([frame])
        guard device.contains(frame), found.compared == 1, found.wrong == 0 else {
            throw Unknown(
                description: "on a new file FIEMAP, sysfs and /proc/self/pagemap do not agree: "
                    + "the page is mapped to frame \(frame), the device has "
                    + "frames \(device.lowerBound) to "
                    + "\(device.upperBound), and the extents are "
                    + "\(try file.extents())")
        }
    }

    /// The frames behind the pages of `mapping`; nil where none is mapped.
    private func frames(of mapping: borrowing Mapping) throws(SystemError) -> [FrameNumber?] {
        try table.frames(of: mapping).map { $0.map(FrameNumber.init(rawValue:)) }
    }

    /// Where `file` lies now.
    package func blocks(of file: borrowing File) throws -> FileBlocks {
        let size = try file.status().size
        return FileBlocks(
            device: device, runs: FrameCheck.runs(try file.extents(), on: device), size: size)
    }

    /// What `mapping` reaches, compared with `blocks`, where `file` lies. Where the first page that
    /// is wrong is one of zeros over a written block of `file`, `shows` says whether it shows what
    /// is written there.
    package func judge(
        _ mapping: borrowing Mapping, of file: borrowing File, with blocks: FileBlocks
    )
        throws
        -> (pages: FileBlocks.Findings, shows: Bool?)
    {
        precondition(mapping.fileWord == 0)
        let pages = blocks.judge(try frames(of: mapping), strict: isStrict)
        guard let first = pages.first, !first.isOnDevice, !first.isBeyondEnd else {
            return (pages, nil)
        }
        return (pages, try FrameCheck.shows(mapping, of: file, page: first.page))
    }

    /// Whether `mapping`, of all of `file`, shows what write(2) puts into `page`, whose first word must
    /// lie within the file. Afterwards that holds again what it held.
    package static func shows(
        _ mapping: borrowing Mapping, of file: borrowing File, page: PageNumber
    )
        throws(SystemError) -> Bool
    {
        let offset = page.offset
        var word = Buffer(words: 1)
        var seen = Buffer(words: 1)
        _ = try file.read(at: offset, count: 1, into: &word)
        let old = word[0]
        word[0] = ~old
        _ = try file.write(at: offset, count: 1, from: word)
        let access = mapping.load(Int(offset) / Page.wordBytes, count: 1, into: &seen)
        word[0] = old
        _ = try file.write(at: offset, count: 1, from: word)
        return access.fault == nil && seen[0] == ~old
    }

    /// Extents as runs of pages and frames.
    package static func runs(_ extents: [Extent], on device: Range<FrameNumber>) -> [FileBlocks.Run]
    {
        let page = UInt64(Page.bytes)
        return extents.map { extent in
            let end = extent.offset + extent.length
            let isWhole =
                extent.offset % page == 0 && extent.physical % page == 0 && end % page == 0
            let isKnown =
                isWhole && extent.flags.isDisjoint(with: [.unknown, .delayed, .encoded])
            return FileBlocks.Run(
                pages: PageNumber(at: extent.offset)..<PageNumber(beyond: end),
                frame: device.lowerBound + extent.physical / page,
                state: !isKnown
                    ? .unknown : extent.flags.contains(.unwritten) ? .unwritten : .written)
        }
    }
}
