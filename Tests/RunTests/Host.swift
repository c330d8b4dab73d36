import DaxDevices
import DaxHost
import DaxMachine
import DaxSystem
import TestSupport

/// What these tests need of the host, and may find missing.
enum Host {
    static let cache = CacheDirectory.path

    /// A QEMU outside the cache would be found even where the cache is empty.
    static let hasQEMUInstalled = ChildProcess.find("qemu-system-x86_64") != nil

    /// So would a kernel of the host's own.
    static let hasKernelInstalled = (try? InstalledKernel.find(cache: "/nonexistent")) != nil

    /// The kernel that a run takes, and the modules of another one.
    static let mismatch: (kernel: String, modules: String)? = {
        guard let kernel = try? InstalledKernel.find(cache: cache),
            let releases = try? Files.names(in: "\(cache)/kernels")
        else { return nil }
        let other = releases.first { $0 != kernel.image.release && $0.hasSuffix("-amd64") }
        return other.map { (kernel.image.path, "\(cache)/kernels/\($0)/lib/modules/\($0)") }
    }()

    /// The flags that boot a kernel of the cache that was built with CONFIG_MEMORY_FAILURE, which those
    /// for the cloud are not; none where there is only such a one.
    static let kernelWithMemoryFailure: [String] = {
        let names = (try? Files.names(in: "\(cache)/kernels")) ?? []
        let release = names.first {
            $0.hasPrefix("6.1.") && $0.hasSuffix("-amd64") && !$0.contains("cloud")
        }
        guard let release else { return [] }
        let directory = "\(cache)/kernels/\(release)"
        return [
            "--kernel", "\(directory)/boot/vmlinuz-\(release)",
            "--modules", "\(directory)/lib/modules/\(release)",
        ]
    }()

    /// Where the sources are.
    static let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    /// The block device that the root filesystem is on.
    static let rootDevice: String? = {
        guard let root = try? Mount.all().last(where: { $0.directory == "/" }),
            case .block? = Files.kind(root.source)
        else { return nil }
        return root.source
    }()
}
