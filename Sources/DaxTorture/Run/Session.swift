package import DaxConfig
import DaxDevices
package import DaxHost
import DaxMachine
package import DaxReport
import DaxSystem
import DaxText

/// A run of a config, wherever the config says it is to be.
package enum Session: ~Copyable {
    case local(LocalSession)
    case machine(MachineSession)

    /// Chooses and prepares; nothing is touched or started but the trial of KVM. `format` is the user's
    /// word that what `fs.device` holds may be destroyed; `progress` gets a line now and then while it
    /// is read to find out.
    ///
    /// Throws `RunError` where the run cannot be had.
    package init(
        _ config: ResolvedConfig, format: Bool = false, progress: (String) -> Void = { _ in }
    ) throws(RunError) {
        do {
            if config.fs.mount != nil || config.fs.device != nil {
                self = .local(try LocalSession(config, format: format, progress: progress))
            } else {
                try Interrupts.count()
                let session = try MachineSession(config, cache: CacheDirectory.path)
                try GuestMemory(config: config.config, initramfs: session.initramfs.size).check()
                self = .machine(session)
            }
        } catch {
            throw RunError(error)
        }
    }

    /// Throws unless the files and directories that the config names are there.
    package static func checkPaths(of config: ResolvedConfig) throws(RunError) {
        if let mount = config.fs.mount, Files.kind(mount) != .directory {
            throw .config("--mount: \(mount) is not a directory")
        }
        // What is to be bisected, or a part of it: a commit that was not built is no bad one.
        if let modules = config.vm.modules, Files.kind(modules) != .directory {
            throw .untested("--modules: \(modules) is not a directory")
        }
        if let qemu = config.vm.qemu, Files.kind(qemu) != .regular {
            throw .untested("--qemu: \(qemu) is not a file")
        }
        if let kernel = config.vm.kernel {
            switch Files.kind(kernel) {
            case .regular, .directory: break
            case .block, .character, .other, nil:
                throw .untested("--kernel: \(kernel) is neither a file nor a kernel tree")
            }
        }
    }

    /// What was chosen, a line each.
    package var choices: [String] {
        switch self {
        case .local(let session): session.choices
        case .machine(let session): session.choices
        }
    }

    /// Runs, and leaves report.json, host.json, resolved.toml and, of a machine, console.log in
    /// `directory`, of a violation its page, too. `progress` gets a line now and then.
    ///
    /// Where the config wants it, a violation has the same run again, without DAX; `half` gets the
    /// report of the first before that begins.
    package consuming func run(
        in directory: borrowing ReportDirectory, _ started: Stopwatch,
        half: (Report) -> Void, progress: @escaping (String) -> Void
    ) throws(RunError) -> Report {
        let config = config
        var report = try runOnce(in: directory, started, progress: progress)
        guard report.verdict == .violation else { return report }
        if config.run.differential, Interrupts.seen == 0 {
            half(report)
            report.differential = DifferentialFacts(
                try Session.runWithoutDAX(config, in: directory) { progress("without DAX: \($0)") },
                directory: Session.withoutDAX)
            directory.keep(report)
        }
        // A page that cannot be made costs no verdict.
        do {
            try PictureFile.write(report, in: directory.held)
        } catch {
            directory.note("\(PictureFile.name): \(error)")
        }
        return report
    }

    /// Where the report of the run without DAX goes, within the report directory.
    private static let withoutDAX = "without-dax"

    /// Runs the config once more, with its seed, but not on DAX.
    private static func runWithoutDAX(
        _ config: ResolvedConfig, in directory: borrowing ReportDirectory,
        progress: @escaping (String) -> Void
    ) throws(RunError) -> Report {
        let started = Stopwatch()
        let config = config.changing { ($0.fs.dax, $0.run.differential) = (.never, false) }
        do {
            let place = try ReportDirectory(Session.withoutDAX, in: directory)
            defer { for complaint in place.missing { directory.note(complaint) } }
            // What a device holds by now is the first run's.
            return try Session(config, format: true).runOnce(
                in: place, started, isReference: true, progress: progress)
        } catch {
            // The violation that was found stands, whatever becomes of this.
            var report = Report(of: config)
            report.conclude(obstacles: ["\(error)"])
            return report
        }
    }

    private consuming func runOnce(
        in directory: borrowing ReportDirectory, _ started: Stopwatch, isReference: Bool = false,
        progress: @escaping (String) -> Void
    ) throws(RunError) -> Report {
        var figures = HostFigures(
            started: started.date, total: 0, command: CommandLine.arguments)
        let config = config
        let first = FirstLine(started)
        do {
            try directory.write(config)
            var report: Report
            do {
                (report, figures.boot) = try run(in: directory) { first.show($0, progress) }
            } catch {
                let error = RunError(error)
                if case .config = error { throw error }
                report = Report(of: config)
                report.interrupted(by: Interrupts.soFar, of: config)
                report.conclude(obstacles: ["\(error)"])
            }
            if isReference { report.becomeReference() }
            figures.firstVerifiedOperation = first.seconds
            figures.total = started.seconds
            directory.keep(report)
            directory.keep(figures)
            return report
        } catch {
            throw RunError(error)
        }
    }
}

extension Session {
    private var config: ResolvedConfig {
        switch self {
        case .local(let session): session.config
        case .machine(let session): session.config
        }
    }

    /// The report, and the seconds that a machine took to boot.
    private consuming func run(
        in directory: borrowing ReportDirectory, progress: @escaping (String) -> Void
    ) throws -> (Report, Double?) {
        switch consume self {
        case .local(let session):
            let kept = KeptFiles()
            defer { for (name, bytes) in kept.files { directory.keep(bytes, as: name) } }
            return (try session.run(file: { kept.files.append(($0, $1)) }, progress: progress), nil)
        case .machine(let session):
            let (report, boot) = try session.run(in: directory, progress: progress)
            return (report, boot.map { Double($0) / 1000 })
        }
    }
}

extension Report {
    /// An empty report of a run of `config`.
    package init(of config: ResolvedConfig) { self.init(of: config.config, seed: config.seed) }

    init(of config: Config, seed: Seed) {
        self.init(fs: config.fs.type.rawValue, seed: seed)
        daxMode = config.fs.dax.rawValue
        know(config.known)
    }

    /// Says that signals came, if any did before the time of `config` was over.
    mutating func interrupted(by interrupt: Interrupt?, of config: ResolvedConfig) {
        interrupted(by: interrupt, planned: Double(config.run.duration.nanoseconds) / 1e9)
    }
}

extension ReportDirectory {
    borrowing func write(_ config: ResolvedConfig) throws {
        try write(Array(config.config.text(schema: .daxtorture).utf8), as: "resolved.toml")
    }
}

extension RunError {
    package init(_ error: any Error) {
        switch error {
        case let error as RunError: self = error
        // What a signal cut short may look like bad input.
        case let error as MachineError where error.exitStatus == .usage && Interrupts.seen > 0:
            self = .untested("interrupted: \(error)")
        case let error as DeviceRefusal:
            self = Interrupts.seen > 0 ? .untested("interrupted: \(error)") : .config("\(error)")
        case let error as MachineError:
            self = error.exitStatus == .usage ? .config("\(error)") : .untested("\(error)")
        default: self = .untested("\(error)")
        }
    }

    package var exitStatus: ExitStatus {
        switch self {
        case .config: .usage
        case .untested: .untested
        }
    }
}

/// The host's time since a command began.
package struct Stopwatch: Sendable {
    /// Seconds since 1970.
    package let date: UInt64
    private let begin = Clock.monotonicNanoseconds()

    package init() { date = Clock.secondsSinceEpoch() }

    package var nanoseconds: UInt64 { Clock.monotonicNanoseconds() - begin }
    package var seconds: Double { Double(nanoseconds / 1_000_000) / 1e3 }
}

/// What a run on this machine wants to have in its report directory, until it is over.
private final class KeptFiles {
    var files: [(name: String, bytes: [UInt8])] = []
}

/// Notes when the first line of progress came: the actors had done operations by then.
private final class FirstLine {
    private let started: Stopwatch
    private(set) var seconds: Double?

    init(_ started: Stopwatch) { self.started = started }

    func show(_ line: String, _ progress: (String) -> Void) {
        if seconds == nil { seconds = started.seconds }
        progress(line)
    }
}
