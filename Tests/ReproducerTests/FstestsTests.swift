import DaxConfig
import DaxHost
import DaxReproducer
import DaxSystem
import DaxTorture
import TestSupport
import Testing

/// The test of fstests around a program.
@Suite struct FstestsTests {
    private func fstest(_ name: String) throws -> String {
        let text = try Files.text("\(PrintedProgram.repository)/configs/bugs/\(name)")
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(text, name: name)
        return try Reproducer(
            resolver.resolved(), promises: resolver.promises, text: text, name: "t"
        ).fstest
    }

    @Test(arguments: PrintedProgram.configs)
    func itIsShell(_ name: String) throws {
        let scratch = try Scratch("fstest")
        try scratch.write("t.sh", Array(try fstest(name).utf8))
        let run = try ChildProcess.run(["/bin/bash", "-n", "\(scratch.path)/t.sh"], seconds: 60)
        #expect(run.exit == .exited(0), "\(run.error)")
    }

    @Test func itSaysWhatItNeeds() throws {
        let text = try fstest("cow-zero-lost-steps.toml")
        for line in [
            "_begin_fstest auto quick dax clone punch", "_fixed_by_kernel_commit 64e6edc185da \\",
            "_require_scratch_dax_mountopt \"dax=always\"", "_require_scratch_reflink",
            "_require_xfs_io_command \"fpunch\"", "_require_test_program \"t\"",
        ] {
            #expect(text.contains("\n\(line)\n"), "\(line)")
        }
    }
}
