import Glibc

/// A pipe that pages are put into without a copy (vmsplice(2)).
///
/// What lies in it is the page itself, pinned: while it is there the page may lose its place in every
/// page table, but its memory must not be given to anybody else. Reading the pipe copies what the
/// page holds *then*.
package struct Pipe: ~Copyable {
    private let output: Int32
    private let input: Int32

    /// Throws pipe2(2)'s errno.
    package init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        if unsafe pipe2(&ends, O_CLOEXEC | O_NONBLOCK) != 0 { throw .last("pipe2") }
        output = ends[0]
        input = ends[1]
    }

    deinit {
        close(output)
        close(input)
    }

    /// Pins `count` words of `mapping` from `word` on, within one page: bytes that are now in the
    /// pipe. EFAULT where the page cannot be had.
    package func pin(_ mapping: borrowing Mapping, _ word: Int, count: Int) throws(SystemError)
        -> Int
    {
        precondition(word >= 0 && word + count <= mapping.count && word % 512 + count <= 512)
        var piece = unsafe iovec(iov_base: mapping.base + word, iov_len: count * 8)
        let n = unsafe vmsplice(input, &piece, 1, 0)
        if n < 0 { throw .last("vmsplice") }
        return n
    }

    /// Reads up to `count` words out of the pipe into `buffer`, which lets the page go: bytes.
    package func drain(_ count: Int, into buffer: inout Buffer) throws(SystemError) -> Int {
        precondition(count <= buffer.count)
        let n = unsafe Glibc.read(output, buffer.base, count * 8)
        if n < 0 { throw .last("read", target: "a pipe") }
        return n
    }

    /// Pins, waits for `nanoseconds`, and drains: bytes.
    package func hold(
        _ mapping: borrowing Mapping, _ word: Int, count: Int, for nanoseconds: UInt64,
        into buffer: inout Buffer
    ) throws(SystemError) -> Int {
        let pinned = try pin(mapping, word, count: count)
        Clock.sleep(nanoseconds: nanoseconds)
        return try drain(pinned / 8, into: &buffer)
    }

    /// Pins through a mapping made for that, which is gone before the wait, waits for
    /// `nanoseconds`, and drains: bytes.
    package func holdUnmapped(
        _ file: borrowing File, _ word: Int, count: Int, for nanoseconds: UInt64,
        into buffer: inout Buffer
    ) throws(SystemError) -> Int {
        let pinned = try pinUnmapped(file, word, count: count)
        Clock.sleep(nanoseconds: nanoseconds)
        return try drain(pinned / 8, into: &buffer)
    }

    /// Pins through a mapping that is gone when this returns: bytes.
    package func pinUnmapped(_ file: borrowing File, _ word: Int, count: Int) throws(SystemError)
        -> Int
    {
        let mapping = try Mapping(
            file, offset: UInt64(word / 512) * 4096, bytes: 4096, sharing: .shared)
        return try pin(mapping, word % 512, count: count)
    }
}
