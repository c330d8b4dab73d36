import DaxHost
import DaxMachine
import DaxMutants
import DaxSystem
import DaxTorture
import TestSupport
import Testing

extension VirtualMachineTests {
    /// Two kernels on disk, the second broken for good: as few runs as there can be.
    @Test func theFirstBadKernelIsFound() throws {
        let program = try Program()
        let kernel = try InstalledKernel.find(cache: Host.cache, withModule: "xfs")
        let modules = try Files.canonical(try #require(kernel.modules))
        let release = kernel.image.release
        for name in ["k9", "k10"] {
            let place = "\(program.directory)/kernels/\(name)"
            let copy = """
                mkdir -p \(place)/boot \(place)/lib/modules
                cp \(kernel.image.path) \(place)/boot/vmlinuz-\(release)
                cp -r \(modules) \(place)/lib/modules/\(release)
                """
            let run = try ChildProcess.run(["/bin/sh", "-ec", copy], seconds: 60)
            try #require(run.exit == .exited(0), "\(run.error)")
        }
        let mutant = try #require(Mutant.named("xfs-stale-punch"))
        let broken = "\(program.directory)/kernels/k10/lib/modules/\(release)"
        #expect(try mutant.breakModule(in: broken) == "\(broken)/kernel/fs/xfs/xfs.ko")
        try program.write(
            "config.toml",
            """
            format = 1
            [run]
            duration = "500ms"
            epoch = "500ms"
            processes = 1
            [fs]
            type = "xfs-dax"
            files = 2
            file-size = "4MiB"
            [actor.show]
            role = "script"
            steps = ["store f0 0 64", "punch f0 0 4KiB", "load f0 0 64", "fault-load f1 2MiB 64"]
            """)
        let run = try program.run(
            [
                "bisect", "--kernels", "\(program.directory)/kernels", "--hits", "2",
                "--confidence", "0.5", "--config", "\(program.directory)/config.toml",
            ], seconds: 600)
        let said = String(decoding: run.output, as: UTF8.self)
        #expect(run.exit == .exited(0), "\(run.error)\(said)")
        #expect(said.contains("\nthe first bad one is k10\n"), "\(said)")
        #expect(said.contains("k9: good: 2 runs without R"), "\(said)")
        #expect(try Files.text("\(program.report)/bisect.log").split(separator: "\n").count == 4)
    }
}
