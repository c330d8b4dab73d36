package import DaxSystem
internal import Glibc

/// What a user names as an input: it may be a file, a pipe, or anything else.
extension Files {
    /// How long a pipe or a terminal may say nothing, in nanoseconds.
    private static let deadline: UInt64 = 10_000_000_000

    /// All bytes of a user's file, of at most `limit` bytes. It never waits for ever: a pipe, such as
    /// a process substitution's, gets 10 seconds for its next byte (open(2) with O_NONBLOCK, poll(2)).
    ///
    /// Throws EFBIG for what is longer, be it without an end; ETIMEDOUT for a pipe that nobody writes
    /// into; EISDIR for a directory and EINVAL for a block device.
    package static func input(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        switch kind(path) {
        case .directory: throw SystemError("read", code: EISDIR, target: path)
        case .block: throw SystemError("read", code: EINVAL, target: path)
        case .regular, .character, .other, nil: break
        }
        let file = try HostFile(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        var bytes: [UInt8] = []
        var heard = Clock.monotonicNanoseconds()
        while true {
            let more = try file.readSome(limit + 1 - bytes.count)
            if let more, !more.isEmpty {
                bytes += more
                heard = Clock.monotonicNanoseconds()
                if bytes.count > limit { throw SystemError("read", code: EFBIG, target: path) }
                continue
            }
            // A pipe that nobody has opened to write yet reads as if it were at its end.
            if more != nil && (!bytes.isEmpty || kind(path) != .other) { return bytes }
            guard Clock.monotonicNanoseconds() - heard < deadline else {
                throw SystemError("read", code: ETIMEDOUT, target: path)
            }
            if more == nil {
                file.awaitInput(milliseconds: 100)
            } else {
                Clock.sleep(nanoseconds: 10_000_000)
            }
        }
    }

    /// The text of a user's file, read as by `input`, with every invalid UTF-8 sequence replaced.
    package static func inputText(_ path: String, limit: Int) throws(SystemError) -> String {
        String(decoding: try input(path, limit: limit), as: UTF8.self)
    }
}

extension HostFile {
    /// Up to `most` bytes, empty at the end of the file; nil where there is nothing yet (EAGAIN).
    fileprivate func readSome(_ most: Int) throws(SystemError) -> [UInt8]? {
        var chunk = [UInt8](repeating: 0, count: min(most, 65536))
        let count = unsafe chunk.withUnsafeMutableBytes {
            unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
        }
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return nil }
        guard count >= 0 else { throw SystemError.last("read", target: name) }
        chunk.removeLast(chunk.count - count)
        return chunk
    }

    fileprivate func awaitInput(milliseconds: Int32) {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&wanted, 1, milliseconds)
    }
}
