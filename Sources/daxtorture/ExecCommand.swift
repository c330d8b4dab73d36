import ArgumentParser
import DaxConfig
import DaxHost
import DaxMachine
import DaxReport
import DaxSystem
import DaxText
import DaxTorture

struct Exec: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run another program on the filesystem, in the machine that a torture would get.",
        discussion: """
            daxtorture exec --fs ext4-dax --duration 60s -- fsx -d f

            The program, an ELF file or a script of this host's, goes into the machine with the \
            libraries it is linked to, and runs in the root of the new filesystem; /tmp is there, too. \
            The tools that a shell script needs are those of busybox, if the host has it \
            (busybox-static). When \
            --duration is over it is stopped. Its output goes to stdout; the last line says how it \
            ended and whether the kernel complained or e2fsck or xfs_repair found damage. What a \
            config says of actors and epochs means nothing here.

            Exit status: 0 the program's was 0, the kernel was silent and the filesystem sound; \
            1 anything else; 2 bad usage; 125 it could not be run, or was interrupted.
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup var fetching: FetchOption

    @Flag(
        name: .customLong("repeat"), help: "Start it again while it ends with 0 and there is time.")
    var repeats = false

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Put this program or file into the machine, too, as /sbin/NAME; may be repeated.",
            valueName: "file"),
        completion: .file())
    var with: [String] = []

    @Argument(parsing: .postTerminator, help: "The program and its arguments, behind --.")
    var program: [String]

    mutating func run() throws {
        let config = try options.resolve(.daxtorture)
        guard config.fs.mount == nil && config.fs.device == nil else {
            throw UsageError("exec: runs in a machine; no --mount, no --device")
        }
        let program = try GuestProgram(program, with: with, repeats: repeats)
        try Interrupts.count()
        let directory = try ReportDirectory(options.report ?? ReportDirectory.defaultPath())
        let session: MachineSession
        do {
            session = try fetching.supplying(config) {
                try MachineSession(config, cache: CacheDirectory.path)
            }
        } catch {
            directory.discard()
            throw RunError(error)
        }
        for choice in session.choices { Console.error(choice + "\n") }
        Console.error("console and what was found in \(directory.path)\n")
        let end = try program.run(session, in: directory) { line in Console.line(line) }
        for complaint in end.complaints {
            Console.error("kernel: \(complaint)\n")
        }
        if let check = end.check { Console.error(check) }
        Console.line(end.line)
        directory.tellWhatIsMissing()
        throw end.exitStatus
    }
}
