import ArgumentParser
import DaxHost
import DaxReport
import DaxSystem
import DaxTorture
import Glibc

/// Where the program starts, and the one place that turns an error into an ``ExitStatus``.
@main
enum Main {
    static func main() {
        if GuestRun.isHere { GuestRun.main() }
        Console.occupyDescriptors()
        do {
            var command = try Command.parseAsRoot()
            try command.run()
            end(.clean)
        } catch let status as ExitStatus {
            end(status)
        } catch let error as RunError {
            Console.error("daxtorture: \(error)\n")
            end(error.exitStatus)
        } catch {
            fail(error)
        }
    }

    /// Prints help and exits 0, or one line about bad usage or config and exits 2: argument-parser
    /// would exit 64, which `git bisect run` takes for a bad commit.
    private static func fail(_ error: any Error) -> Never {
        if Command.exitCode(for: error) == .success {
            Console.line(Command.fullMessage(for: error))
            end(.clean)
        }
        Console.error("daxtorture: \(Command.message(for: error))\n")
        end(.usage)
    }

    /// Ends the process. If stdout did not take the last line, which may be a verdict, it goes to
    /// stderr, and all but a violation and bad usage is "could not test" then.
    private static func end(_ status: ExitStatus) -> Never {
        let isStep = status == .usage && Bisect.isStep(CommandLine.arguments)
        let status = isStep ? ExitStatus.abort : status
        guard let loss = Console.loss else { exit(status.rawValue) }
        let last = loss.text.split(separator: "\n").last ?? ""
        Console.error("daxtorture: \(loss.error); its last line was to be: \(last)\n")
        switch status {
        case .violation, .usage, .abort: exit(status.rawValue)
        case .clean, .untested: exit(ExitStatus.untested.rawValue)
        }
    }
}

/// An end that has been told to the user already.
extension ExitStatus: Error {}

extension ReportDirectory {
    /// Complains of what could not be written, once the verdict is on stdout.
    borrowing func tellWhatIsMissing() {
        for complaint in missing {
            Console.error("daxtorture: the report is not complete: \(complaint)\n")
        }
    }
}

/// Bad usage: the whole line that the user gets.
struct UsageError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

struct Command: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daxtorture",
        abstract: "Stress and correctness of DAX filesystems.",
        discussion: """
            Without a subcommand it runs: daxtorture --fs ext4-dax boots a virtual machine with \
            emulated pmem and tortures a real ext4-dax mount in it. "daxtorture run --help" lists \
            the options.

            Exit status: 0 clean, 1 violation, 2 bad usage or config, 125 could not test.
            """,
        version: "daxtorture \(version)",
        subcommands: [
            Run.self, Exec.self, Fetch.self, Devices.self, Kernels.self, Doctor.self,
            Configs.self, Mutants.self, Prove.self, Promises.self, Minimise.self, Replay.self,
            PrintReproducer.self, Bisect.self, BenchFaults.self, ShowReport.self, Nightly.self,
        ],
        defaultSubcommand: Run.self)
}
