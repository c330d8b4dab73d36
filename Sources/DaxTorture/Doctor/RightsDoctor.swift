package import DaxDevices
import DaxHost
import DaxSystem

/// What this process may do on the host itself, for runs on a mount or a device of its own (`--mount`,
/// `--device`). A machine needs none of it.
package struct RightsDoctor {
    let roots: Roots

    package init(roots: Roots = Roots()) { self.roots = roots }

    package var diagnoses: [Diagnosis] {
        [ring, tracing, faultHold, lockedMemory, frames, log, clock]
    }

    private var ring: Diagnosis {
        let subject = "io_uring"
        do throws(SystemError) {
            _ = try Ring(depth: 1)
            return .ok(subject, "io_uring_setup succeeds")
        } catch {
            let sysctl = value("sys/kernel/io_uring_disabled")
            let finding: String
            let mend: String
            if sysctl == "2" || sysctl == "1" && !ProcessLimits.isAdministrator {
                finding = "\(error): kernel.io_uring_disabled = \(sysctl ?? "")"
                mend = "sudo sysctl kernel.io_uring_disabled=0"
            } else if ProcessLimits.hasSystemCallFilter {
                finding = "\(error): a seccomp filter forbids it"
                mend =
                    "start the container with a profile that allows io_uring_setup, io_uring_enter and "
                    + "io_uring_register (--security-opt seccomp=FILE)"
            } else if error.code == SystemError.outOfMemory {
                finding = "\(error)"
                mend = "ulimit -l 8192"
            } else {
                finding = "\(error)"
                mend = "a kernel with CONFIG_IO_URING"
            }
            return .broken(
                subject, finding + "; on this host the roles io and borrower cannot run", mend: mend
            )
        }
    }

    private var tracing: Diagnosis {
        let subject = "tracing"
        let event = "fs_dax/dax_pte_fault_done"
        do throws(SystemError) {
            _ = try TracepointCounter(event)
            return .ok(subject, "tracefs and perf count \(event)")
        } catch {
            let loss = "; faults and writeback are not counted on this host"
            if !Files.exists("\(Tracepoint.root)/events") {
                let mend =
                    ProcessLimits.isAdministrator
                    ? "mount -t tracefs tracefs \(Tracepoint.root)"
                    : "run as root, with tracefs mounted on \(Tracepoint.root)"
                return .missing(
                    subject, "\(Tracepoint.root)/events cannot be looked into\(loss)", mend: mend)
            }
            if !Files.exists("\(Tracepoint.root)/events/fs_dax") {
                return .missing(
                    subject, "the host's kernel has no tracepoints of fs_dax\(loss)",
                    mend: "a kernel with CONFIG_FS_DAX")
            }
            return .broken(
                subject, "\(error)\(loss)",
                mend: "run as root, or: sudo sysctl kernel.perf_event_paranoid=-1")
        }
    }

    private var faultHold: Diagnosis {
        let subject = "userfaultfd"
        do throws(SystemError) {
            _ = try FaultHold()
            return .ok(subject, "faults in system calls can be held")
        } catch {
            return .missing(
                subject, "\(error); no call of this host's is held in its midst",
                mend: "run as root, or: sudo sysctl vm.unprivileged_userfaultfd=1")
        }
    }

    /// What the rings of a few actors register.
    private static let lockedNeeds: UInt64 = 1 << 20

    private var lockedMemory: Diagnosis {
        guard let limit = ProcessLimits.lockedMemory else { return .ok("mlock", "no limit") }
        let text = "\(limit >> 10) KiB may be locked"
        if limit >= Self.lockedNeeds || ProcessLimits.isAdministrator { return .ok("mlock", text) }
        return .missing(
            "mlock", "\(text); io_uring's registered buffers count", mend: "ulimit -l 8192")
    }

    private var frames: Diagnosis {
        if ProcessLimits.isAdministrator {
            return .ok("pagemap", "shows which PFN a mapping has")
        }
        return .missing(
            "pagemap",
            "shows no PFN to an ordinary user: which frames mappings reach is not judged on this host",
            mend: "run as root")
    }

    private var log: Diagnosis {
        do throws(SystemError) {
            _ = try KernelLog()
            return .ok("dmesg", "the kernel's log can be read")
        } catch {
            return .missing(
                "dmesg", "\(error): what the kernel prints is not judged on this host",
                mend: "run as root, or: sudo sysctl kernel.dmesg_restrict=0")
        }
    }

    private var clock: Diagnosis {
        let path = "devices/system/clocksource/clocksource0/current_clocksource"
        let source = ((try? Files.text("\(roots.sys)/\(path)")) ?? "").prefix { $0 != "\n" }
        if source == "tsc" || source == "kvm-clock" {
            return .ok("clock", "the kernel trusts the time-stamp counter (\(source))")
        }
        return .broken(
            "clock",
            "the clock source is \(source.isEmpty ? "unknown" : source), neither tsc nor kvm-clock: runs on "
                + "this host are untested (docs/clock.md)",
            mend: "boot with tsc=reliable where the CPU's counter is invariant (constant_tsc and "
                + "nonstop_tsc in /proc/cpuinfo)")
    }

    private func value(_ name: String) -> String? {
        (try? Files.text("\(roots.proc)/\(name)")).map { String($0.prefix { $0 != "\n" }) }
    }
}
