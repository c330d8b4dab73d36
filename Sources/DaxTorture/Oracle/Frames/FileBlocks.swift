package import DaxModel

/// Rule R12 on one file at a quiet point: what a shared mapping reaches is the file's own blocks.
///
/// All is counted in pages of the file and in page frames, which are pages of physical memory. DAX
/// maps the blocks themselves, so that a page that is mapped has one frame that is right, and
/// whatever else is there was mapped before its block was taken away, or given to somebody else.
///
/// - A frame of the device must be the one that the file's extent of written blocks has for this
///   page. Holes and unwritten blocks are mapped by a page of zeros from elsewhere, and a store's
///   fault makes them written before it maps them.
/// - A frame from elsewhere is such a page of zeros, which may be anywhere within the file: over a
///   written block it shows what the block holds, or else other rules are broken; whoever asks for
///   it has that judged, too.
/// - Wholly beyond the end of file nothing is mapped: a shrink sets the size before it takes the
///   mappings away, a fault looks at the size while it keeps the shrink out, and a PMD is not used
///   where it would reach beyond the end. A shrink that failed has either left the size as it was
///   or taken the mappings away.
package struct FileBlocks: Sendable {
    /// Pages of the file in blocks that follow each other on the device.
    package struct Run: Hashable, Sendable {
        /// The pages of the file that the run has, by number.
        package var pages: Range<PageNumber>
        /// The frame of the first page.
        package var frame: FrameNumber
        package var state: State

        package init(pages: Range<PageNumber>, frame: FrameNumber, state: State) {
            self.pages = pages
            self.frame = frame
            self.state = state
        }
    }

    /// What a run of blocks holds.
    package enum State: Hashable, Sendable {
        case written
        /// Blocks that read as zero, whatever is there.
        case unwritten
        /// The filesystem does not say where the pages are: they are not judged.
        case unknown
    }

    /// What the first page that is wrong in a mapping reaches.
    package struct Misplaced: BitwiseCopyable, Hashable, Sendable {
        /// The page of the file, by number.
        package var page: PageNumber
        /// The frame that is mapped there.
        package var frame: FrameNumber
        /// Whether the frame is the device's.
        package var isOnDevice: Bool
        /// The file's written block there; nil for a hole, an unwritten block, or beyond the end.
        package var expected: FrameNumber?
        /// Whether the page lies wholly beyond the end of file.
        package var isBeyondEnd: Bool

        package init(
            page: PageNumber, frame: FrameNumber, isOnDevice: Bool, expected: FrameNumber?,
            isBeyondEnd: Bool
        ) {
            self.page = page
            self.frame = frame
            self.isOnDevice = isOnDevice
            self.expected = expected
            self.isBeyondEnd = isBeyondEnd
        }
    }

    /// What was found in one mapping.
    package struct Findings: BitwiseCopyable, Hashable, Sendable {
        /// Pages that are mapped and were judged.
        package var compared = 0
        /// Pages that are mapped and whose block the filesystem does not tell.
        package var unknown = 0
        /// How many of those compared are wrong, and the first.
        package var wrong = 0
        package var first: Misplaced?

        package init(
            compared: Int = 0, unknown: Int = 0, wrong: Int = 0, first: Misplaced? = nil
        ) {
            self.compared = compared
            self.unknown = unknown
            self.wrong = wrong
            self.first = first
        }
    }

    /// The frames of the device that the filesystem lies on.
    private let device: Range<FrameNumber>
    private let runs: [Run]
    /// The first page that lies wholly beyond the end of file.
    private let end: PageNumber

    /// A file of `size` bytes on a device with these frames, with `runs` in ascending order.
    package init(device: Range<FrameNumber>, runs: [Run], size: UInt64) {
        self.device = device
        self.runs = runs
        end = PageNumber(beyond: size)
    }

    /// Judges a mapping of the file from its first page on: `frames` are those behind its pages, nil
    /// where none is mapped. If it is `strict`, a page of zeros over a written block is wrong.
    package func judge(_ frames: [FrameNumber?], strict: Bool = false) -> Findings {
        var findings = Findings()
        var next = runs.startIndex
        for (index, frame) in frames.enumerated() {
            guard let frame else { continue }
            let page = PageNumber(rawValue: UInt64(index))
            while next < runs.endIndex && runs[next].pages.upperBound <= page { next += 1 }
            let run = next < runs.endIndex && runs[next].pages.contains(page) ? runs[next] : nil
            let isBeyondEnd = page >= end
            if !isBeyondEnd, run?.state == .unknown {
                findings.unknown += 1
                continue
            }
            findings.compared += 1
            let expected =
                run?.state == .written && !isBeyondEnd
                ? run!.frame + (page - run!.pages.lowerBound) : nil
            let isOnDevice = device.contains(frame)
            let isRight = isOnDevice ? frame == expected : !strict || expected == nil
            if !isBeyondEnd && isRight { continue }
            findings.wrong += 1
            if findings.first != nil { continue }
            findings.first = Misplaced(
                page: page, frame: frame, isOnDevice: isOnDevice, expected: expected,
                isBeyondEnd: isBeyondEnd)
        }
        return findings
    }

    /// The file's page that lies in that frame, if one does.
    package func page(in frame: FrameNumber) -> PageNumber? {
        for run in runs where run.state != .unknown {
            let count = UInt64(run.pages.count)
            if frame >= run.frame && frame < run.frame + count {
                return run.pages.lowerBound + (frame - run.frame)
            }
        }
        return nil
    }
}
