internal import CSystem
package import DaxSystem
internal import Glibc

/// Ctrl-C and its kin as numbers to look at, in place of a sudden end.
package enum Interrupts {
    /// From now on SIGINT, SIGTERM and SIGHUP are counted and do nothing else (sigaction); SIGHUP stays
    /// ignored where it is, as nohup(1) has it.
    package static func count() throws(SystemError) {
        try checked(csystem_count_interrupts(), "sigaction", "SIGINT")
    }

    /// How many came so far.
    package static var seen: Int { soFar?.times ?? 0 }

    /// What came so far; nil if nothing.
    package static var soFar: Interrupt? {
        func count(_ signal: Int32) -> Int { Int(csystem_interrupts(signal)) }
        return Interrupt(
            interrupts: count(SIGINT), terminations: count(SIGTERM), hangups: count(SIGHUP))
    }
}

/// The signals by which somebody wants a process to end.
package struct Interrupt: Hashable, Sendable {
    /// `SIGINT`, `SIGTERM` or `SIGHUP`: of several the one that a user does not send by a key.
    package var signal: String
    /// How many came, of all three: 1 or more.
    package var times: Int

    package init(signal: String, times: Int) {
        self.signal = signal
        self.times = times
    }

    /// From how many came of each; nil if none did.
    package init?(interrupts: Int, terminations: Int, hangups: Int) {
        times = interrupts + terminations + hangups
        if times == 0 { return nil }
        signal = terminations > 0 ? "SIGTERM" : hangups > 0 ? "SIGHUP" : "SIGINT"
    }

    /// Whether it is one press of Ctrl-C: a user who has seen enough, and wants to know what it was.
    package var isOneCtrlC: Bool { signal == "SIGINT" && times == 1 }
}
