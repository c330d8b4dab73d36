import CURing
import Glibc

/// An io_uring instance (io_uring_setup(2)), torn down when it goes out of scope.
///
/// It belongs to one thread at a time. Operations are queued, submitted together, and their
/// completions come back each with the tag it was queued under. Memory named in an operation must
/// outlive its completion: `run` guarantees it by reaping everything before it returns.
@safe
package struct Ring: ~Copyable {
    private let ring: UnsafeMutablePointer<io_uring>
    /// How many operations fit into one batch.
    package let depth: Int
    private let supported: Set<UInt8>
    /// Room for a path for each operation of a batch.
    private let paths: UnsafeMutablePointer<CChar>
    /// The results of the latest `run`, in the order of its operations.
    package private(set) var results: [RingResult]

    /// A ring for batches of `depth` operations (1 to 4096).
    ///
    /// With `polled` a thread of the kernel looks for what is submitted (IORING_SETUP_SQPOLL), and
    /// sleeps when there was nothing for a millisecond.
    ///
    /// Throws io_uring_setup(2)'s errno: ENOSYS or EPERM where the kernel or its policy has none.
    package init(depth: Int, polled: Bool = false) throws(SystemError) {
        precondition((1...4096).contains(depth))
        unsafe ring = .allocate(capacity: 1)
        var parameters = io_uring_params()
        if polled {
            parameters.flags = IORING_SETUP_SQPOLL
            parameters.sq_thread_idle = 1
        }
        let code = unsafe io_uring_queue_init_params(UInt32(depth), ring, &parameters)
        if code < 0 {
            unsafe ring.deallocate()
            throw SystemError("io_uring_setup", code: -code)
        }
        self.depth = depth
        supported = unsafe Ring.probe(ring)
        unsafe paths = .allocate(capacity: depth * Int(CURING_PATH))
        results = []
        results.reserveCapacity(depth)
    }

    deinit {
        unsafe io_uring_queue_exit(ring)
        unsafe paths.deallocate()
        unsafe ring.deallocate()
    }

    /// The opcodes that this kernel says it knows (IORING_REGISTER_PROBE).
    private static func probe(_ ring: UnsafeMutablePointer<io_uring>) -> Set<UInt8> {
        guard let probe = unsafe io_uring_get_probe_ring(ring) else { return [] }
        defer { unsafe io_uring_free_probe(probe) }
        var known: Set<UInt8> = []
        for opcode in UInt8.min...UInt8.max
        where unsafe io_uring_opcode_supported(probe, Int32(opcode)) != 0 {
            known.insert(opcode)
        }
        return known
    }

    /// Whether this kernel runs `kind` of operation through io_uring.
    package func supports(_ kind: RingOperation.Kind) -> Bool { supported.contains(kind.opcode) }

    /// Tells the kernel of `files` and of `buffer` once and for all (io_uring_register(2)), for
    /// operations that name them by number. Files stay open and the buffer stays pinned as long as
    /// the ring lives.
    package mutating func register(files: [Int32], _ buffer: borrowing Buffer) throws(SystemError) {
        var code = unsafe io_uring_register_files(ring, files, UInt32(files.count))
        if code < 0 { throw SystemError("IORING_REGISTER_FILES", code: -code) }
        var piece = unsafe iovec(iov_base: buffer.base, iov_len: buffer.count * 8)
        code = unsafe io_uring_register_buffers(ring, &piece, 1)
        if code < 0 { throw SystemError("IORING_REGISTER_BUFFERS", code: -code) }
    }

    /// Submits `operations` together and waits for all of them; `results` then holds theirs.
    ///
    /// With `linked`, each starts only when the one before it has ended (IOSQE_IO_LINK); those
    /// after a failed or short read or write end with ECANCELED, while the kernel does not count
    /// a failed fallocate or fsync as a reason to cancel. Each operation's memory lies in `buffer`. At most
    /// `depth` operations. An operation's own errno is an outcome; what is thrown is
    /// io_uring_enter(2)'s. Nothing is allocated.
    package mutating func run(
        _ operations: borrowing [RingOperation], on file: borrowing File,
        buffer: inout Buffer, linked: Bool = false
    ) throws(SystemError) {
        let target = unsafe RingTarget(
            file: file.descriptor, base: buffer.base, count: buffer.count, isRegistered: false)
        try run(operations, target, linked)
    }

    /// As `run`, on registered file `number` and the registered buffer, which is `buffer`.
    package mutating func run(
        _ operations: borrowing [RingOperation], onRegistered number: Int,
        buffer: inout Buffer, linked: Bool = false
    ) throws(SystemError) {
        let target = unsafe RingTarget(
            file: Int32(number), base: buffer.base, count: buffer.count, isRegistered: true)
        try run(operations, target, linked)
    }

    /// As `run`, with each operation's memory in `mapping`.
    package mutating func run(
        _ operations: borrowing [RingOperation], on file: borrowing File,
        mapping: borrowing Mapping, linked: Bool = false
    ) throws(SystemError) {
        let target = unsafe RingTarget(
            file: file.descriptor, base: mapping.base, count: mapping.count, isRegistered: false)
        try run(operations, target, linked)
    }

    /// Submits, waits until `body` has returned, and only then for the operations. What `body` throws
    /// comes out after they have ended; it can ask how many have by now.
    package mutating func run(
        _ operations: borrowing [RingOperation], on file: borrowing File,
        buffer: inout Buffer, linked: Bool,
        meanwhile body: (_ ended: () -> Int) throws(SystemError) -> Void
    ) throws(SystemError) {
        let target = unsafe RingTarget(
            file: file.descriptor, base: buffer.base, count: buffer.count, isRegistered: false)
        try begin(operations, target, linked)
        var failure: SystemError?
        let queue = unsafe ring
        do throws(SystemError) {
            try body { unsafe Int(io_uring_cq_ready(queue)) }
        } catch { failure = error }
        try reap(results.count)
        if let failure { throw failure }
    }

    private mutating func run(
        _ operations: borrowing [RingOperation], _ target: RingTarget, _ linked: Bool
    ) throws(SystemError) {
        try begin(operations, target, linked)
        try reap(results.count)
    }

    private mutating func begin(
        _ operations: borrowing [RingOperation], _ target: RingTarget, _ linked: Bool
    ) throws(SystemError) {
        precondition(!operations.isEmpty && operations.count <= depth)
        results.removeAll(keepingCapacity: true)
        // A kernel thread that polls the ring may complete entries before it gives their places
        // back; in any other ring all are free.
        while unsafe io_uring_sq_space_left(ring) < UInt32(operations.count) {
            let code = unsafe io_uring_sqring_wait(ring)
            if code < 0 { throw SystemError("io_uring_enter", code: -code) }
        }
        for index in operations.indices {
            guard let sqe = unsafe io_uring_get_sqe(ring) else {
                preconditionFailure("a batch of at most `depth` found no free entry")
            }
            unsafe operations[index].prepare(
                sqe, target, path: paths + index * Int(CURING_PATH))
            unsafe sqe.pointee.user_data = UInt64(index)
            if target.isRegistered { unsafe curing_set_fixed_file(sqe) }
            if linked && index < operations.count - 1 { unsafe curing_set_link(sqe) }
            results.append(RingResult(value: RingResult.pending, operation: operations[index].kind))
        }
        try submit(operations.count)
    }

    private func submit(_ count: Int) throws(SystemError) {
        var left = count
        while left > 0 {
            let n = unsafe io_uring_submit(ring)
            if n == -EINTR || n == -EAGAIN || n == -EBUSY { continue }
            if n < 0 { throw SystemError("io_uring_enter", code: -n) }
            left -= Int(n)
        }
    }

    private mutating func reap(_ count: Int) throws(SystemError) {
        for _ in 0..<count {
            var cqe: UnsafeMutablePointer<io_uring_cqe>?
            var code: Int32
            repeat { unsafe code = io_uring_wait_cqe(ring, &cqe) } while code == -EINTR
            guard code == 0, let cqe = unsafe cqe else {
                throw SystemError("io_uring_enter", code: -code)
            }
            let (tag, value) = unsafe (Int(cqe.pointee.user_data), cqe.pointee.res)
            unsafe io_uring_cqe_seen(ring, cqe)
            precondition(
                results.indices.contains(tag) && results[tag].value == RingResult.pending,
                "a completion that belongs to no operation")
            // What an opening was good for is done.
            if results[tag].operation == .empty && value > 0 { close(value) }
            results[tag].value = results[tag].operation == .empty ? min(value, 0) : value
        }
    }
}

/// The result of one operation on a ring.
package struct RingResult: Hashable, Sendable {
    /// Bytes, or 0; a negated errno when it failed.
    package var value: Int32
    /// What it is the result of.
    package var operation: RingOperation.Kind

    /// No kernel result: neither a byte count nor a negated errno.
    static let pending = Int32.min

    /// Bytes; throws its errno.
    package func bytes() throws(SystemError) -> Int {
        if let error { throw error }
        return Int(value)
    }

    /// The errno with the operation's name, or nil if it succeeded.
    package var error: SystemError? {
        value < 0 ? SystemError("io_uring \(operation.name)", code: -value) : nil
    }
}
