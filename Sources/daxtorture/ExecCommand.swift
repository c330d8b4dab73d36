import ArgumentParser
import DaxConfig
import DaxMachine
import DaxReport
import DaxSystem
import DaxTorture

struct Exec: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run another program on the filesystem, in the machine that a torture would get.",
        discussion: """
            daxtorture exec --fs ext4-dax --duration 60s -- fsx -d f

            The program, an ELF file of this host's, goes into the machine with the libraries it is \
            linked to, and runs in the root of the new filesystem; /tmp is there, too. When \
            --duration is over it is stopped. Its output goes to stdout; the last line says how it \
            ended and whether the kernel complained or e2fsck or xfs_repair found damage. What a \
            config says of actors and epochs means nothing here.

            Exit status: 0 the program's was 0, the kernel was silent and the filesystem sound; \
            1 anything else; 2 bad usage; 125 it could not be run.
            """)

    @OptionGroup var options: RunOptions

    @Flag(
        name: .customLong("repeat"), help: "Start it again while it ends with 0 and there is time.")
    var repeats = false

    @Argument(parsing: .postTerminator, help: "The program and its arguments, behind --.")
    var program: [String]

    mutating func run() throws {
        let config = try options.resolve(.daxtorture)
        guard config.fs.mount == nil && config.fs.device == nil else {
            throw UsageError("exec: runs in a machine; no --mount, no --device")
        }
        let program = try GuestProgram(program, repeats: repeats)
        let directory = try ReportDirectory(options.report ?? ReportDirectory.defaultPath())
        let session: MachineSession
        do {
            try Interrupts.count()
            session = try MachineSession(config, cache: CacheDirectory.path)
        } catch {
            directory.discard()
            throw RunError(error)
        }
        for choice in session.choices { Console.error(choice + "\n") }
        let end = try program.run(session, in: directory) { line in Console.line(line) }
        for complaint in end.complaints { Console.error("kernel: \(complaint)\n") }
        if let check = end.check { Console.error(check) }
        Console.line(end.line)
        directory.tellWhatIsMissing()
        throw ExitStatus(code: end.isSound ? 0 : 1)
    }
}
