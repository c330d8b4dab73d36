import CSystem
import Glibc

/// Holds whoever touches a page of a buffer, system calls too, until it is let go (userfaultfd(2)):
/// a read(2) or a write(2) stands still in the midst of its copy, with all the locks it has.
@safe
package final class FaultHold {
    private let descriptor: Int32
    private var held: UnsafeMutableRawPointer?

    /// Throws EPERM without CAP_SYS_PTRACE where vm.unprivileged_userfaultfd is 0, and ENOSYS where
    /// the kernel has none.
    package init() throws(SystemError) {
        let fd = csystem_fault_hold_open()
        if fd < 0 { throw SystemError("userfaultfd", code: -fd) }
        descriptor = fd
    }

    // Whoever waits goes on.
    deinit { close(descriptor) }

    /// From now on whoever touches the page that holds `word` of `buffer`, which must have been
    /// forgotten, waits. One page at a time.
    package func hold(_ word: Int, of buffer: borrowing Buffer) throws(SystemError) {
        precondition(word >= 0 && word < buffer.count)
        precondition(unsafe held == nil)
        let page = unsafe UnsafeMutableRawPointer(buffer.base + word / 512 * 512)
        let code = unsafe csystem_fault_hold(descriptor, page, 4096)
        if code < 0 { throw SystemError("ioctl UFFDIO_REGISTER", code: -code) }
        unsafe held = page
    }

    /// Waits up to `milliseconds` until somebody is held; false if nobody was by then.
    package func someoneWaits(within milliseconds: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe Glibc.poll(&poll, 1, milliseconds) > 0
    }

    /// Lets go whoever waits, and has the page hold what the first of `contents` holds; nobody will be held
    /// there any more.
    package func release(with contents: borrowing Buffer) {
        guard let page = unsafe held else { return }
        precondition(contents.count >= 512)
        let code = unsafe csystem_fault_fill(descriptor, page, contents.base, 4096)
        precondition(code == 0, "UFFDIO_COPY to a page that nobody has touched failed")
        release()
    }

    /// Lets go whoever waits; nobody will be held there any more.
    package func release() {
        guard let page = unsafe held else { return }
        unsafe held = nil
        let code = unsafe csystem_fault_release(descriptor, page, 4096)
        precondition(code == 0, "UFFDIO_UNREGISTER of what was registered failed")
    }
}
