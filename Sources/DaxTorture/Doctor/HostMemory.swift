import DaxDevices
import DaxSystem

/// How much memory can still be had here.
struct HostMemory {
    var roots = Roots()

    /// In bytes: what the kernel calls available, or what this control group may still take, if that is
    /// less; nil where nobody says.
    var available: UInt64? {
        guard let whole = field("MemAvailable") else { return nil }
        guard let rest = groupRest else { return whole }
        return min(whole, rest)
    }

    private func field(_ name: String) -> UInt64? {
        let lines = ((try? Files.text("\(roots.proc)/meminfo")) ?? "").split(separator: "\n")
        let line = lines.first { $0.hasPrefix("\(name):") }
        return line?.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }.map { $0 << 10 }
    }

    /// Of the control group at the root of what this process sees, as in a container (cgroup v2).
    private var groupRest: UInt64? {
        func number(_ name: String) -> UInt64? {
            let text = (try? Files.text("\(roots.sys)/fs/cgroup/\(name)")) ?? ""
            return UInt64(text.prefix { $0 != "\n" })
        }
        guard let most = number("memory.max"), let taken = number("memory.current") else {
            return nil
        }
        return most > taken ? most - taken : 0
    }
}
