package import DaxText

/// `[file.NAME]`: what one file under test begins with, in place of what `[fs]` says of all.
package struct FileConfig: Hashable, Sendable {
    /// As steps name it: `f0` is the first.
    package var name: String
    /// The file's size; whole pages.
    package var size = ByteSize(bytes: 0)
    /// Its extents, a line each, made in their order; what none names is a hole.
    package var extents: [String] = []

    package init(name: String) { self.name = name }
}

/// One line of a file's extents: `written 0 8KiB`, `unwritten 8KiB 4KiB`, `shared 12KiB 4KiB f1 0`.
///
/// All in bytes, whole pages.
package struct StartingExtent: Hashable, Sendable, CustomStringConvertible {
    package var offset: UInt64
    package var length: UInt64
    package var state: State

    package enum State: Hashable, Sendable {
        /// Written, each word with a stamp of the harness's.
        case written
        /// Allocated by fallocate(2), unwritten.
        case unwritten
        /// Cloned (FICLONERANGE) from there.
        case shared(file: Int, offset: UInt64)
    }

    package init(offset: UInt64, length: UInt64, state: State) {
        (self.offset, self.length, self.state) = (offset, length, state)
    }

    /// Reads a line; nil where it is none.
    package init?(_ text: String) {
        let words = text.split(separator: " ")
        func bytes(_ index: Int) -> UInt64? {
            guard index < words.count, let size = ByteSize(String(words[index])) else { return nil }
            return size.bytes % 4096 == 0 ? size.bytes : nil
        }
        guard let offset = bytes(1), let length = bytes(2), length > 0,
            !offset.addingReportingOverflow(length).overflow
        else { return nil }
        switch (words[0], words.count) {
        case ("written", 3): state = .written
        case ("unwritten", 3): state = .unwritten
        case ("shared", 5):
            guard words[3].first == "f", let file = UInt8(words[3].dropFirst()), let from = bytes(4)
            else { return nil }
            state = .shared(file: Int(file), offset: from)
        default: return nil
        }
        (self.offset, self.length) = (offset, length)
    }

    package var description: String {
        let range = "\(ByteSize(bytes: offset)) \(ByteSize(bytes: length))"
        return switch state {
        case .written: "written \(range)"
        case .unwritten: "unwritten \(range)"
        case .shared(let file, let from): "shared \(range) f\(file) \(ByteSize(bytes: from))"
        }
    }
}

extension Config {
    /// The table of file number `number`; nil where the config has none.
    package func file(_ number: Int) -> FileConfig? { files.first { $0.name == "f\(number)" } }

    /// The rule that a table of a file breaks.
    func brokenFileRule() -> BrokenRule? {
        for file in files {
            let (size, extents) = ("file.\(file.name).size", "file.\(file.name).extents")
            if !(0..<fs.files).contains(where: { "f\($0)" == file.name }) {
                return BrokenRule(
                    "file.\(file.name)", "fs.files",
                    message: "fs.files is \(fs.files), and files are called f0, f1 and so on")
            }
            if file.size > fs.fileSize {
                return BrokenRule(
                    size, "fs.file-size",
                    message: "\(file.size) is more than fs.file-size, \(fs.fileSize)")
            }
            for line in file.extents {
                guard let extent = StartingExtent(line) else {
                    return BrokenRule(
                        extents,
                        message: "\"\(line)\" is no extent; write written, unwritten or shared, an "
                            + "offset and a length in whole pages of 4KiB, and behind shared the file "
                            + "and the offset that it is cloned from: shared 12KiB 4KiB f1 0")
                }
                if extent.offset + extent.length > fs.fileSize.bytes {
                    return BrokenRule(
                        extents, "fs.file-size",
                        message: "\"\(line)\" ends beyond fs.file-size, \(fs.fileSize)")
                }
                if case .shared(let from, let offset) = extent.state {
                    if !fs.reflink {
                        return BrokenRule(
                            extents, "fs.reflink", message: "\"\(line)\" needs fs.reflink = true")
                    }
                    if from >= fs.files
                        || offset > fs.fileSize.bytes - extent.length
                    {
                        return BrokenRule(
                            extents, "fs.files",
                            message: "\"\(line)\" is cloned from where there is nothing")
                    }
                }
            }
        }
        return nil
    }
}
