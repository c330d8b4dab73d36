import CFault
import Glibc
import Synchronization

/// A named POSIX thread that works on a value of its own, round by round.
///
/// Not a task: a page fault or a filesystem lock blocks its thread, and in a pool of a few threads
/// it would block the very actors that are to race. The value is made on the thread and touched
/// either by a round or, between rounds, by `withValue`: never by both, and without a lock. A
/// worker that was neither ended nor abandoned traps.
@safe
package final class Worker<Value>: Sendable {
    private let shared: Shared<Value>
    private let handle: pthread_t
    /// What other processes may know of it, too.
    package let status: WorkerStatus

    /// Starts the thread, called `name` (the kernel keeps its first 15 bytes), makes the value on
    /// it, and waits for that.
    ///
    /// Throws what `make` throws, or pthread_create(3)'s error.
    package init(
        _ name: String, status: WorkerStatus = WorkerStatus(),
        make: @escaping @Sendable () throws -> Value,
        round: @escaping @Sendable (inout Value) -> Void
    ) throws {
        self.status = status
        shared = Shared(name, status, make, round)
        let work = unsafe Unmanaged.passRetained(shared as AnyShared)
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                unsafe Unmanaged<AnyShared>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        handle = thread
        if code != 0 {
            unsafe work.release()
            shared.disposed.store(true, ordering: .relaxed)
            throw SystemError("pthread_create", code: code)
        }
        unsafe shared.wait(shared.done)
        if let error = unsafe shared.failure {
            pthread_join(handle, nil)
            shared.disposed.store(true, ordering: .relaxed)
            throw error
        }
    }

    deinit {
        precondition(shared.disposed.load(ordering: .relaxed), "a worker that nobody ended")
    }

    /// The kernel's id of the thread (gettid(2)).
    package var kernelID: Int32 { status.kernelID }

    /// Whether no round is running.
    package var isIdle: Bool { status.isIdle }

    /// Lets one round run. None may be running.
    package func start() {
        precondition(isIdle, "a round was started while one runs")
        status.isIdle = false
        unsafe shared.post(shared.go)
    }

    /// Waits up to `nanoseconds` for the round to end; false if it did not.
    package func wait(nanoseconds: UInt64) -> Bool {
        var deadline = Deadline(nanoseconds: nanoseconds)
        return wait(&deadline)
    }

    /// Waits for the round to end while there is `deadline`; false if it did not.
    package func wait(_ deadline: inout Deadline) -> Bool { status.wait(&deadline) }

    /// Ends the guarded access that the thread is in, if it is in one (pthread_kill(3)).
    package func interrupt() { pthread_kill(handle, Int32(CFAULT_INTERRUPT)) }

    /// Gives `body` the value between two rounds. No round may be running.
    package func withValue<Result: Sendable>(_ body: (inout Value) throws -> Result) rethrows
        -> Result
    {
        precondition(isIdle, "the value was reached for while a round runs")
        return unsafe try body(&shared.value!)
    }

    /// Ends the thread and destroys the value. No round may be running.
    package func end() {
        precondition(isIdle, "a worker was ended while a round runs")
        shared.ending.store(true, ordering: .relaxed)
        unsafe shared.post(shared.go)
        pthread_join(handle, nil)
        shared.disposed.store(true, ordering: .relaxed)
    }

    /// Gives up on a thread that is stuck in the kernel: its value and its stack leak.
    package func abandon() { shared.disposed.store(true, ordering: .relaxed) }
}

/// What the thread runs, without its type: a C callback cannot be generic.
private class AnyShared {
    func run() { preconditionFailure("a worker with nothing to do") }
}

/// Both sides' state. `value` and `failure` are handed over by the semaphores and `idle`, which
/// the compiler cannot see: that is what is unchecked here.
@safe
private final class Shared<Value>: AnyShared, @unchecked Sendable {
    let name: String
    let status: WorkerStatus
    let make: @Sendable () throws -> Value
    let round: @Sendable (inout Value) -> Void
    let ending = Atomic(false)
    let disposed = Atomic(false)
    let go: UnsafeMutablePointer<sem_t>
    let done: UnsafeMutablePointer<sem_t>
    nonisolated(unsafe) var value: Value?
    nonisolated(unsafe) var failure: (any Error)?

    init(
        _ name: String, _ status: WorkerStatus, _ make: @escaping @Sendable () throws -> Value,
        _ round: @escaping @Sendable (inout Value) -> Void
    ) {
        self.name = name
        self.status = status
        self.make = make
        self.round = round
        unsafe go = .allocate(capacity: 1)
        unsafe done = .allocate(capacity: 1)
        unsafe sem_init(go, 0, 0)
        unsafe sem_init(done, 0, 0)
    }

    deinit {
        unsafe go.deallocate()
        unsafe done.deallocate()
    }

    func wait(_ semaphore: UnsafeMutablePointer<sem_t>) {
        while unsafe sem_wait(semaphore) != 0 {}
    }

    func post(_ semaphore: UnsafeMutablePointer<sem_t>) { unsafe sem_post(semaphore) }

    override func run() {
        let short = String(decoding: name.utf8.prefix(15), as: UTF8.self)
        unsafe pthread_setname_np(pthread_self(), short)
        status.kernelID = gettid()
        do {
            unsafe value = try make()
        } catch {
            unsafe failure = error
        }
        let made = unsafe failure == nil
        unsafe post(done)
        guard made else { return }
        while true {
            unsafe wait(go)
            if ending.load(ordering: .relaxed) { break }
            unsafe round(&value!)
            status.isIdle = true
        }
        unsafe value = nil
    }
}
