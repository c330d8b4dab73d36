import DaxMachine
import DaxSystem

/// What the tests find on this host.
public enum TestBench {
    /// The path of a program of this package: SwiftPM puts it beside the test bundle.
    public static func program(_ name: String) throws -> String {
        let maps = try Files.text("/proc/self/maps")
        let bundle = maps.split(separator: "\n").first { $0.hasSuffix(".xctest") }
        guard let path = bundle?.drop(while: { $0 != "/" }), let slash = path.lastIndex(of: "/")
        else {
            throw MachineError.missingProgram(name, reason: "no test bundle is mapped")
        }
        return "\(path[..<slash])/\(name)"
    }

    /// Whether there is a QEMU and a kernel: ci/test sees to it.
    public static let canBoot: Bool = {
        let cache = CacheDirectory.path
        return (try? QEMU.find(cache: cache)) != nil
            && (try? InstalledKernel.find(cache: cache)) != nil
    }()

    /// The processes whose command line satisfies a condition.
    public static func processes(_ matches: ([String]) -> Bool) -> [Int] {
        ((try? Files.names(in: "/proc")) ?? []).compactMap(Int.init).filter { pid in
            guard let text = try? Files.text("/proc/\(pid)/cmdline") else { return false }
            return matches(text.split(separator: "\0").map(String.init))
        }
    }

    /// Sends a signal, by its name without "SIG".
    public static func signal(_ name: String, to pid: Int) throws {
        _ = try ChildProcess.run(["/bin/sh", "-c", "kill -\(name) \(pid)"], seconds: 30)
    }
}
