import CURing
import Glibc

/// One operation for a ring. Offsets and lengths in the file are bytes; `at` and `count` are
/// words of the buffer that `Ring.run` is given.
package struct RingOperation: Hashable, Sendable {
    /// What kind of operation, without its place.
    package enum Kind: Hashable, Sendable {
        case read
        case write
        case fallocate(SpaceMode)
        case fsync
        case madvise
        case ftruncate
        case empty

        /// The kind's name in a message.
        package var name: String {
            switch self {
            case .read: "read"
            case .write: "write"
            case .fallocate(let mode): mode.name
            case .fsync: "fsync"
            case .madvise: "madvise"
            case .ftruncate: "ftruncate"
            case .empty: "openat O_TRUNC"
            }
        }

        var opcode: UInt8 {
            switch self {
            case .read: UInt8(IORING_OP_READ.rawValue)
            case .write: UInt8(IORING_OP_WRITE.rawValue)
            case .fallocate: UInt8(IORING_OP_FALLOCATE.rawValue)
            case .fsync: UInt8(IORING_OP_FSYNC.rawValue)
            case .madvise: UInt8(IORING_OP_MADVISE.rawValue)
            case .ftruncate: UInt8(CURING_OP_FTRUNCATE)
            case .empty: UInt8(IORING_OP_OPENAT.rawValue)
            }
        }
    }

    package let kind: Kind
    private let offset: UInt64
    private let length: UInt64
    private let word: Int
    private let advice: Int32
    /// Another file than the batch's; nil: none.
    private var other: Int32?
    private var isForWorker = false

    private init(
        _ kind: Kind, offset: UInt64 = 0, length: UInt64 = 0, word: Int = 0, advice: Int32 = 0
    ) {
        self.kind = kind
        self.offset = offset
        self.length = length
        self.word = word
        self.advice = advice
    }

    /// Reads `count` words at byte `offset` into the buffer from its word `at` on.
    package static func read(offset: UInt64, count: Int, at word: Int) -> RingOperation {
        RingOperation(.read, offset: offset, length: UInt64(count) * 8, word: word)
    }

    /// Writes `count` words at byte `offset` from the buffer's word `at` on.
    package static func write(offset: UInt64, count: Int, at word: Int) -> RingOperation {
        RingOperation(.write, offset: offset, length: UInt64(count) * 8, word: word)
    }

    /// fallocate(2) in `mode`.
    package static func fallocate(_ mode: SpaceMode, offset: UInt64, length: UInt64)
        -> RingOperation
    {
        RingOperation(.fallocate(mode), offset: offset, length: length)
    }

    /// fsync(2) of the file.
    package static let fsync = RingOperation(.fsync)

    /// Sets the file's size in bytes (kernel 6.9 and later).
    package static func ftruncate(to size: UInt64) -> RingOperation {
        RingOperation(.ftruncate, length: size)
    }

    /// Empties the file by opening it once more, by its descriptor's name in /proc, with O_TRUNC.
    package static let empty = RingOperation(.empty)

    /// madvise(2) on `count` words of the buffer from its word `at` on; whole pages.
    package static func madvise(_ advice: Int32, count: Int, at word: Int) -> RingOperation {
        RingOperation(.madvise, length: UInt64(count) * 8, word: word, advice: advice)
    }

    /// The operation on `file`, which must be open until it is done, whatever the others of its
    /// batch are on.
    package func on(_ file: borrowing File) -> RingOperation {
        var operation = self
        operation.other = file.descriptor
        return operation
    }

    /// The operation done by a kernel thread from the start (IOSQE_ASYNC): where it may sleep for
    /// long, it must not do so in the call that submits it.
    package func byWorker() -> RingOperation {
        var operation = self
        operation.isForWorker = true
        return operation
    }

    /// `path` is memory of CURING_PATH bytes that lasts until the entry is submitted.
    func prepare(
        _ sqe: UnsafeMutablePointer<io_uring_sqe>, _ target: RingTarget,
        path: UnsafeMutablePointer<CChar>
    ) {
        precondition(other == nil || !target.isRegistered)
        let fd = other ?? target.file
        switch kind {
        case .read where target.isRegistered:
            unsafe io_uring_prep_read_fixed(sqe, fd, memory(target), UInt32(length), offset, 0)
        case .write where target.isRegistered:
            unsafe io_uring_prep_write_fixed(sqe, fd, memory(target), UInt32(length), offset, 0)
        case .read:
            unsafe io_uring_prep_read(sqe, fd, memory(target), UInt32(length), offset)
        case .write:
            unsafe io_uring_prep_write(sqe, fd, memory(target), UInt32(length), offset)
        case .fallocate(let mode):
            unsafe io_uring_prep_fallocate(sqe, fd, mode.rawValue, Int(offset), Int(length))
        case .fsync:
            unsafe io_uring_prep_fsync(sqe, fd, 0)
        case .madvise:
            unsafe io_uring_prep_madvise(sqe, memory(target), Int(length), advice)
        case .ftruncate:
            unsafe curing_prep_ftruncate(sqe, fd, length)
        case .empty:
            unsafe curing_prep_empty(sqe, fd, path)
        }
        if isForWorker { unsafe curing_set_async(sqe) }
    }

    private func memory(_ target: RingTarget) -> UnsafeMutablePointer<UInt64> {
        precondition(word >= 0 && word + Int(length / 8) <= target.count)
        return unsafe target.base + word
    }
}

/// What the operations of a batch are on: a file, and memory of so many words.
@safe
struct RingTarget {
    /// The file's descriptor, or its number among the registered files, if it is registered.
    let file: Int32
    let base: UnsafeMutablePointer<UInt64>
    let count: Int
    /// Whether the file is registered, and the memory is the registered buffer.
    let isRegistered: Bool
}
