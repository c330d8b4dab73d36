internal import CSystem
internal import Glibc

/// Ctrl-C and its kin as numbers to look at, in place of a sudden end.
public enum Interrupts {
    /// From now on SIGINT, SIGTERM and SIGHUP are counted and do nothing else (sigaction); SIGHUP stays
    /// ignored where it is, as nohup(1) has it.
    public static func count() throws(SystemError) {
        try checked(csystem_count_interrupts(), "sigaction", "SIGINT")
    }

    /// How many came so far.
    public static var seen: Int { soFar?.times ?? 0 }

    /// What came so far; nil if nothing.
    public static var soFar: Interrupt? {
        func count(_ signal: Int32) -> Int { Int(csystem_interrupts(signal)) }
        return Interrupt(
            interrupts: count(SIGINT), terminations: count(SIGTERM), hangups: count(SIGHUP))
    }
}

/// The signals by which somebody wants a process to end.
public struct Interrupt: Hashable, Sendable {
    /// `SIGINT`, `SIGTERM` or `SIGHUP`: of several the one that a user does not send by a key.
    public var signal: String
    /// How many came, of all three: 1 or more.
    public var times: Int

    public init(signal: String, times: Int) {
        self.signal = signal
        self.times = times
    }

    /// From how many came of each; nil if none did.
    public init?(interrupts: Int, terminations: Int, hangups: Int) {
        times = interrupts + terminations + hangups
        if times == 0 { return nil }
        signal = terminations > 0 ? "SIGTERM" : hangups > 0 ? "SIGHUP" : "SIGINT"
    }

    /// Whether it is one press of Ctrl-C: a user who has seen enough, and wants to know what it was.
    public var isOneCtrlC: Bool { signal == "SIGINT" && times == 1 }
}
