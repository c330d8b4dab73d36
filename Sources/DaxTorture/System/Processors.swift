import CSystem
import Glibc

/// The CPUs of the machine that this process runs on.
package enum Processors {
    /// How many are online (sysconf(3), _SC_NPROCESSORS_ONLN).
    package static var online: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

    /// Whether QEMU translates this machine's instructions (TCG): its CPUID names it as the hypervisor.
    package static var areEmulated: Bool { csystem_is_translated() != 0 }

    /// The CPUs that the calling thread may run on, in ascending order (sched_getaffinity(2)).
    ///
    /// Throws EINVAL where the kernel knows of more than 1,024.
    package static func allowed() throws(SystemError) -> [Int] {
        var set = cpu_set_t()
        let code = unsafe sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set)
        if code != 0 { throw .last("sched_getaffinity") }
        return unsafe withUnsafeBytes(of: &set) { bytes in
            (0..<bytes.count * 8).filter { unsafe bytes[$0 / 8] >> ($0 % 8) & 1 == 1 }
        }
    }

    /// Keeps the calling thread on `cpu` from now on (sched_setaffinity(2)).
    package static func pin(to cpu: Int) throws(SystemError) {
        var set = cpu_set_t()
        unsafe withUnsafeMutableBytes(of: &set) { bytes in
            unsafe bytes[cpu / 8] |= 1 << (cpu % 8)
        }
        let code = unsafe sched_setaffinity(0, MemoryLayout<cpu_set_t>.size, &set)
        if code != 0 { throw .last("sched_setaffinity") }
    }
}
