import DaxSystem

/// What the bits of /proc/sys/kernel/tainted mean (Documentation/admin-guide/tainted-kernels.rst).
package enum KernelTaint {
    /// By their bits: the letter of an Oops, and what happened.
    private static let flags: [(letter: String, meaning: String)] = [
        ("P", "a proprietary module was loaded"), ("F", "a module was loaded by force"),
        ("S", "the CPU or the system is out of specification"),
        ("R", "a module was unloaded by force"),
        ("M", "the CPU reported a machine check"), ("B", "a bad page was met, or odd page flags"),
        ("U", "a user program asked for it"), ("D", "the kernel died: an Oops or a BUG"),
        ("A", "an ACPI table was overridden"), ("W", "a WARNING was printed"),
        ("C", "a staging driver was loaded"), ("I", "a bug of the firmware was worked around"),
        ("O", "a module from out of the tree was loaded"), ("E", "an unsigned module was loaded"),
        ("L", "a soft lockup was met"), ("K", "the kernel was live-patched"),
        ("X", "the distribution's own"), ("T", "built with structure randomisation"),
        ("N", "a test ran in the kernel"), ("J", "a fwctl mutable debug interface was used"),
    ]

    /// What a soft lockup sets (TAINT_SOFTLOCKUP).
    package static let softLockup: UInt64 = 1 << 14

    /// `512 (W: a WARNING was printed)`; of several bits, one after the other; `0` alone.
    package static func text(_ taint: UInt64) -> String {
        let found = meanings(taint)
        return found.isEmpty ? "\(taint)" : "\(taint) (\(found))"
    }

    /// `W`, of several bits one after the other; a bit that has no letter here is left out.
    package static func letters(_ taint: UInt64) -> String {
        flags.indices.filter { taint >> $0 & 1 == 1 }.map { flags[$0].letter }.joined()
    }

    /// `W: a WARNING was printed` for each bit; empty for none.
    package static func meanings(_ taint: UInt64) -> String {
        (0..<64).filter { taint >> $0 & 1 == 1 }.map { bit in
            bit < flags.count ? "\(flags[bit].letter): \(flags[bit].meaning)" : "bit \(bit)"
        }.joined(separator: ", ")
    }
}
