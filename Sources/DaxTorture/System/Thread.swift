import Glibc
import Synchronization

/// A named POSIX thread that takes a value with it and gives it back when it is joined.
///
/// Not a task: a page fault or a filesystem lock blocks its thread, and in a pool of a few threads
/// it would block the very actors that are to race. The value moves in and out, so that nothing is
/// shared meanwhile. One that was neither joined nor abandoned traps.
@safe
public struct Thread<Value>: ~Copyable {
    private let handle: pthread_t
    private let work: Unmanaged<Work<Value>>

    /// Starts `body` on a new thread called `name` (the kernel keeps its first 15 bytes).
    ///
    /// Throws pthread_create(3)'s error.
    public init(
        _ name: String, carrying value: sending Value,
        _ body: @escaping @Sendable (inout Value) -> Void
    ) throws(SystemError) {
        let work = unsafe Unmanaged.passRetained(Work(name, value, body))
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle, nil,
            { argument in
                unsafe Unmanaged<AnyWork>.fromOpaque(argument!).takeUnretainedValue().run()
                return nil
            }, work.toOpaque())
        if code != 0 {
            unsafe work.release()
            throw SystemError("pthread_create", code: code)
        }
        self.handle = handle
        unsafe self.work = work
    }

    deinit { Thread.nobodyJoined() }

    private static func nobodyJoined() { preconditionFailure("a thread that nobody joined") }

    /// Whether the body has returned, so that `join` will not block.
    public var isFinished: Bool {
        unsafe work.takeUnretainedValue().finished.load(ordering: .acquiring)
    }

    /// The kernel's id of the thread (gettid(2)), or 0 before it runs.
    public var kernelID: Int32 {
        unsafe work.takeUnretainedValue().kernelID.load(ordering: .relaxed)
    }

    /// Waits for the thread to end and gives its value back (pthread_join(3)).
    public consuming func join() -> sending Value {
        let code = pthread_join(handle, nil)
        precondition(code == 0, "pthread_join: \(SystemError.name(of: code))")
        // Joined: no other thread can reach the value any more, which the compiler cannot know.
        nonisolated(unsafe) let value = unsafe work.takeRetainedValue().value
        discard self
        return unsafe value
    }

    /// Gives up on a thread that is stuck in the kernel; its value and its stack leak.
    public consuming func abandon() {
        discard self
    }
}

/// What a thread runs, without its type: a C callback cannot be generic.
private class AnyWork {
    func run() { preconditionFailure("a thread with nothing to do") }
}

private final class Work<Value>: AnyWork {
    let name: String
    var value: Value
    let body: @Sendable (inout Value) -> Void
    let finished = Atomic(false)
    let kernelID = Atomic<Int32>(0)

    init(_ name: String, _ value: Value, _ body: @escaping @Sendable (inout Value) -> Void) {
        self.name = name
        self.value = value
        self.body = body
    }

    override func run() {
        unsafe pthread_setname_np(pthread_self(), String(decoding: name.utf8.prefix(15), as: UTF8.self))
        kernelID.store(gettid(), ordering: .relaxed)
        body(&value)
        finished.store(true, ordering: .releasing)
    }
}
