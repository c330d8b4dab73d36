internal import CChild
internal import CSystem
import Glibc

/// A list of accesses to a mapping, for processes that inherit it (fork(2)), and what came of them.
///
/// No Swift can run in the fork of a process with many threads, so processes work off the list, which
/// lies in memory that all share. A fork of this whole process would hold up every thread's faults,
/// and break each page of its memory apart. So one is made in the beginning, and makes the
/// children: it takes the first accesses, so that there are page-table entries to copy, then
/// forks a child, which takes the others.
@safe
package final class ChildScript {
    private let script: UnsafeMutablePointer<cchild_script>
    private let steps: UnsafeMutablePointer<cchild_step>
    private let (go, end, pidfd): (Int32, Int32, Int32)
    /// The most accesses.
    package static let most = 64

    /// What a child does.
    package enum Access: Sendable {
        case load
        /// A store of this value.
        case store(UInt64)
    }

    /// An access of a child that has returned.
    package struct Step: Sendable {
        /// The word that was accessed, from the start of the mapping.
        package var word: Int
        package var isStore: Bool
        /// What was stored, or loaded.
        package var value: UInt64
        /// The clock just before and just after.
        package var from: UInt64
        package var to: UInt64
        package var result: AccessResult
    }

    /// How a child ended.
    package enum Ending: Sendable {
        case finished
        /// A signal killed the child, or it gave up.
        case died
        /// The child was killed when its time was over.
        case late
        /// The child was killed, and has not ended: it hangs in the kernel.
        case stuck
    }

    /// Forks the parent of all children, which inherits the mappings that there are now.
    ///
    /// Throws mmap(2)'s errno, or clone(2)'s.
    package init() throws(SystemError) {
        let bytes = ChildScript.bytes
        let memory = unsafe mmap(
            nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
            throw .last("mmap MAP_ANONYMOUS")
        }
        // What is shared is not copied by fork(2), so that no fault of ours is in an access.
        unsafe memset(memory, 0, bytes)
        unsafe script = memory.bindMemory(to: cchild_script.self, capacity: 1)
        unsafe steps = (memory + MemoryLayout<cchild_script>.size)
            .bindMemory(to: cchild_step.self, capacity: ChildScript.most)
        go = try checked(cchild_event(), "eventfd", "go")
        end = try checked(cchild_event(), "eventfd", "end")
        pidfd = try checked(unsafe cchild_start(script, go, end), "clone", "parent")
    }

    deinit {
        _ = kill()
        for descriptor in [go, end, pidfd] { close(descriptor) }
        unsafe munmap(script, ChildScript.bytes)
    }

    /// Kills the parent, and so its child; whether both are gone, or at least the parent.
    private func kill() -> Bool {
        var (code, status): (Int32, Int32) = (0, 0)
        csystem_pidfd_kill(pidfd, SIGKILL)
        let ended = unsafe csystem_wait(pidfd, 0, 2000, &code, &status)
        // ECHILD: it was seen off before.
        return ended != 0
    }

    private static var bytes: Int {
        let bytes =
            unsafe MemoryLayout<cchild_script>.size + most * MemoryLayout<cchild_step>.stride
        return (bytes + 4095) & ~4095
    }

    /// Accesses on the list.
    package var count: Int { unsafe Int(script.pointee.count) }

    /// Accesses that have returned. The child must have ended.
    package var done: Int { unsafe Int(cchild_done(script)) }

    /// Begins a new list.
    package func clear() {
        unsafe script.pointee.done = 0
        unsafe script.pointee.count = 0
    }

    /// When the child began the access that it was in when it was killed, and an instant at which it
    /// is over; nil if it was in none.
    package var unfinished: (from: UInt64, to: UInt64)? {
        let begun = done < count ? unsafe steps[done].from : 0
        return begun == 0 ? nil : (begun, Clock.ticks())
    }

    /// Adds an access to word `word`, which the child begins `wait` ticks after the one before.
    package func add(_ access: Access, word: Int, wait: UInt64) {
        precondition(count < ChildScript.most, "a script that is too long")
        var step = cchild_step()
        (step.word, step.wait) = (UInt64(word), wait)
        if case .store(let value) = access { (step.store, step.value) = (1, value) }
        unsafe steps[count] = step
        unsafe script.pointee.count += 1
    }

    /// The word of the first access that has not returned, or of the last of all, and whether it is
    /// a store.
    package var next: (word: UInt64, isStore: Bool) {
        let step = unsafe steps[min(done, count - 1)]
        return (step.word, step.store != 0)
    }

    /// Has a parent do the first `first` accesses of the list in `mapping` and its child the others, and
    /// waits for the child's end, at most so long.
    ///
    /// Throws clone(2)'s errno.
    package func run(first: Int, on mapping: borrowing Mapping, nanoseconds: UInt64)
        throws(SystemError) -> Ending
    {
        for index in 0..<count {
            precondition(unsafe steps[index].word < UInt64(mapping.count), "no word there")
        }
        unsafe script.pointee.base = mapping.base
        unsafe script.pointee.first = UInt64(min(first, count))
        var event: UInt64 = 1
        guard unsafe write(go, &event, 8) == 8 else { throw .last("write eventfd") }
        var deadline = Deadline(nanoseconds: nanoseconds)
        // Signals may cut in: it is asked again.
        while cchild_await(self.end, 100) == 0 {
            if deadline.isOver() { return kill() ? .late : .stuck }
        }
        let error = unsafe script.pointee.error
        if error != 0 { throw SystemError("clone", code: Int32(error), target: "child") }
        return done == count ? .finished : .died
    }

    /// What came of access `index`, which was in `mapping`.
    package func step(_ index: Int, on mapping: borrowing Mapping) -> Step {
        precondition(index >= 0 && index < done, "an access that has not returned")
        let step = unsafe steps[index]
        let base = unsafe Int(bitPattern: mapping.base)
        let fault = Fault(
            signal: step.signal, code: step.code, word: (Int(step.address) - base) >> 3,
            addressBits: Int(step.lsb))
        return Step(
            word: Int(step.word), isStore: step.store != 0, value: step.value, from: step.from,
            to: step.to,
            result: AccessResult(
                done: step.signal == 0 ? 1 : 0, fault: step.signal == 0 ? nil : fault))
    }
}
