internal import CSystem

/// Ctrl-C and its kin as a number to look at, in place of a sudden end.
public enum Interrupts {
    /// From now on SIGINT, SIGTERM and SIGHUP are counted and do nothing else (sigaction).
    public static func count() throws(SystemError) {
        try checked(csystem_count_interrupts(), "sigaction", "SIGINT")
    }

    /// How many came so far.
    public static var seen: Int { Int(csystem_interrupts()) }
}
