import DaxHost
import DaxMachine
import DaxSystem

/// What the tests find on this host.
package enum TestBench {
    /// The path of a program of this package: SwiftPM puts it beside the test bundle.
    package static func program(_ name: String) throws -> String {
        let maps = try Files.text("/proc/self/maps")
        let bundle = maps.split(separator: "\n").first { $0.hasSuffix(".xctest") }
        guard let path = bundle?.drop(while: { $0 != "/" }), let slash = path.lastIndex(of: "/")
        else {
            throw MachineError.missingProgram(name, reason: "no test bundle is mapped")
        }
        return "\(path[..<slash])/\(name)"
    }

    /// Whether there is a QEMU and a kernel: ci/test sees to it.
    package static let canBoot: Bool = {
        let cache = CacheDirectory.path
        return (try? QEMU.find(cache: cache)) != nil
            && (try? InstalledKernel.find(cache: cache)) != nil
    }()

    /// The processes whose command line satisfies a condition. A guard's is its parent's, and does not
    /// count (ChildProcess).
    package static func processes(_ matches: ([String]) -> Bool) -> [Int] {
        ((try? Files.names(in: "/proc")) ?? []).compactMap(Int.init).filter { pid in
            guard let text = try? Files.text("/proc/\(pid)/cmdline"),
                (try? Files.text("/proc/\(pid)/comm")) != "dax-guard\n"
            else { return false }
            return matches(text.split(separator: "\0").map(String.init))
        }
    }

    /// Whether a process is there, a zombie excepted, or goes within ten seconds: the kernel needs a
    /// moment to take one apart.
    package static func remains(_ pid: Int) -> Bool {
        for _ in 0..<200 {
            let state = (try? Files.text("/proc/\(pid)/stat")).flatMap {
                $0[$0.lastIndex(of: ")")!...].dropFirst(2).first
            }
            if state == nil || state == "Z" { return false }
            GuestKernel.sleep(milliseconds: 50)
        }
        return true
    }

    /// Sends a signal, by its name without "SIG".
    package static func signal(_ name: String, to pid: Int) throws {
        _ = try ChildProcess.run(["/bin/sh", "-c", "kill -\(name) \(pid)"], seconds: 30)
    }
}
