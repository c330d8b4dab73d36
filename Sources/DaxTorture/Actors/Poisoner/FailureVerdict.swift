import DaxModel
import DaxOperations
import DaxSystem
import Glibc

/// What is demanded of the kernel where memory fails: each function gives what is wrong, or nil
/// (rule R5).
enum FailureVerdict {
    /// What is wrong with the signal by which the kernel told the thread that page `page` failed;
    /// nil if nothing is. `mapped` is the size of the page-table entry that mapped the page.
    ///
    /// What is due is one SIGBUS, for this page, and as much of it gone as the page-table entry
    /// mapped. Where nobody saw what was mapped, either size will do.
    static func wrong(_ failure: MemoryFailure, page: Int, mapped: FaultSize) -> String? {
        guard let fault = failure.fault else { return "no SIGBUS" }
        if failure.count != 1 { return "\(failure.count) SIGBUS" }
        let bits: [Int] =
            switch mapped {
            case .none: [12, 21]
            case .pte: [12]
            case .pmd: [21]
            }
        let isRight =
            fault.isMemoryFailure && fault.word == page * Page.words
            && bits.contains(fault.addressBits)
        return isRight ? nil : text(fault)
    }

    /// What is wrong with the end of a load from `word` on, of a page that has a bad block; nil if
    /// nothing is.
    ///
    /// Older kernels say BUS_ADRERR, as if there were no page; newer ones BUS_MCEERR_AR.
    static func wrong(_ load: AccessResult, word: Int) -> String? {
        guard let fault = load.fault else { return "\(load.done) words and no SIGBUS" }
        if fault.isInterrupt { return nil }
        let isKnown =
            fault.code == Int32(BUS_MCEERR_AR) ? fault.addressBits == 12 : fault.code == BUS_ADRERR
        let isRight =
            load.done == 0 && fault.signal == SIGBUS && isKnown
            && fault.word / Page.words == word / Page.words
        return isRight ? nil : text(fault)
    }

    /// What is wrong with a read(2) of a page that has a bad block, which gave `done` bytes, or the
    /// errno `code`; nil if nothing is.
    static func wrong(read code: Int32, done: Int) -> String? {
        if code == EIO { return nil }
        return code == 0 ? "\(done) bytes" : SystemError.name(of: code)
    }

    private static func text(_ fault: Fault) -> String {
        "signal \(fault.signal), si_code \(fault.code), si_addr_lsb \(fault.addressBits), at offset "
            + "\(fault.word * Page.wordBytes)"
    }
}
