import DaxModel
package import DaxOperations
package import DaxOracle
import DaxSystem
import Glibc

/// What a signal that ended an access says.
extension Record {
    /// How an access through a mapping ended, for the oracle. An interrupted one says nothing of
    /// the word at which it was.
    package func fault(in situation: Situation) -> AccessOutcome {
        guard outcome == .faulted else { return .succeeded }
        if wrongSignal(in: situation) != nil { return .elsewhere }
        if kind.failsOnPurpose || code == BUS_MCEERR_AR || code == BUS_MCEERR_AO {
            return .poisoned
        }
        let asks = kind.traits.faults == .write
        return asks && situation.space.mayRunOut(over: interval, retried: true) ? .noSpace : .sigbus
    }

    /// What is wrong with the signal itself, whatever the size was; nil for nothing (rule R5).
    ///
    /// Nobody but the actor changes its mappings, and only ever to another that can be read and
    /// written: SIGSEGV has no cause. do_sigbus gives BUS_ADRERR, or BUS_MCEERR_AR where memory
    /// failed, which nothing here does but a poisoner; and si_addr is where the access was.
    package func wrongSignal(in situation: Situation) -> String? {
        guard outcome == .faulted, !kind.failsOnPurpose else { return nil }
        guard signal == SIGBUS else { return "signal \(signal), si_code \(code), and not SIGBUS" }
        switch code {
        case Int32(BUS_ADRERR): break
        case Int32(BUS_MCEERR_AR), Int32(BUS_MCEERR_AO):
            if !situation.memoryFails {
                return "SIGBUS with si_code \(code), though nothing made memory fail"
            }
        default: return "SIGBUS with si_code \(code), which is none that a page fault gives"
        }
        if strayPages == 0 || kind == .stringStore && strayPages == 1 && isNearNextPage {
            return nil
        }
        return "SIGBUS whose si_addr is \(strayPages) pages off from the page of the access"
    }

    /// REP MOVSB moves up to 64 bytes at once, and counts them when all are there.
    private var isNearNextPage: Bool {
        (offset + done) % UInt64(Page.bytes) >= UInt64(Page.bytes) - 64
    }
}
