import CFault
import Glibc

/// What a memory failure that was asked for brought upon the thread that asked.
package struct MemoryFailure: Hashable, Sendable {
    /// The first SIGBUS that says so; nil if none came.
    package var fault: Fault?
    /// How many came.
    package var count: Int

    package init(fault: Fault?, count: Int) {
        self.fault = fault
        self.count = count
    }
}

extension Fault {
    /// BUS_MCEERR_AR or BUS_MCEERR_AO: the memory failed, not the mapping.
    package var isMemoryFailure: Bool {
        signal == SIGBUS && (code == Int32(BUS_MCEERR_AR) || code == Int32(BUS_MCEERR_AO))
    }
}

extension Mapping {
    /// Has the kernel act as if the memory of the page of word `word` had failed (madvise
    /// MADV_HWPOISON), and takes the SIGBUS by which it tells the calling thread before it returns.
    /// The memory itself stays sound.
    ///
    /// Throws madvise(2)'s errno: EINVAL where the kernel knows nothing of it
    /// (CONFIG_MEMORY_FAILURE), EPERM without CAP_SYS_ADMIN.
    package func failMemory(_ word: Int) throws(SystemError) -> MemoryFailure {
        cfault_await_failure()
        var refusal: SystemError?
        do throws(SystemError) {
            try advise(word..<word + 1, Mapping.hardwarePoison, "madvise MADV_HWPOISON")
        } catch { refusal = error }
        let seen = unsafe cfault_end_failure()
        if let refusal { throw refusal }
        let count = unsafe Int(seen.count)
        return MemoryFailure(fault: count > 0 ? unsafe fault(seen.first) : nil, count: count)
    }

    /// MADV_HWPOISON.
    private static let hardwarePoison: Int32 = 100
}
