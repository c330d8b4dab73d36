import DaxConfig
import DaxHost
import DaxMachine
package import DaxReport
import DaxSystem
import DaxText

/// A program that is not ours, run on the filesystem under test in the machine that a torture of the
/// same config would get: fsx, fio, a reproducer.
package struct GuestProgram: Sendable {
    /// Where its command is in the machine, each word ended by a 0, behind one more that says how
    /// often it is to run; there is no such file in a torture.
    private static let commandPath = "/daxtorture/program"
    private static let (once, repeatedly) = ("once", "repeatedly")
    /// The files by which the guest tells how it ended, of new taint, if any, and what the checker
    /// found, which is empty if nothing; they stay in the report directory.
    static let (endFile, taintFile, checkFile) = ("ended.txt", "taint.txt", "fsck.txt")

    /// Where it is: on the host, or, in the machine, there.
    private let path: String
    private let arguments: [String]
    /// Whether it is started again whenever it ends with status 0, until the time is over.
    private let repeats: Bool
    /// Files of the host that are to be there, too.
    private let companions: [String]

    /// A program of this host: `command` is its path, or a name to be found in PATH, and its
    /// arguments; not empty. `companions` are the paths of programs and other files that it needs.
    package init(_ command: [String], with companions: [String] = [], repeats: Bool)
        throws(RunError)
    {
        guard let path = ChildProcess.find(command[0]) else {
            throw .config("exec: \(command[0]) is not a program, nor one in PATH")
        }
        for file in companions where Files.kind(file) != .regular {
            throw .config("exec: --with: \(file) is not a file")
        }
        (self.path, arguments, self.repeats) = (path, Array(command.dropFirst()), repeats)
        self.companions = companions
    }

    // MARK: the host's side

    /// Puts it into an initramfs, with its companions, all their libraries, and the usual tools.
    private func pack(into initramfs: inout Initramfs) throws {
        let inside = try initramfs.add(file: path)
        for file in companions { _ = try initramfs.add(file: file) }
        try initramfs.addShellTools()
        let words = [repeats ? GuestProgram.repeatedly : GuestProgram.once, inside]
        initramfs.add(
            file: GuestProgram.commandPath,
            Array((words + arguments).map { $0 + "\0" }.joined().utf8))
    }

    /// Boots `session`'s machine and runs the program in it, for `run.duration` at most. `output`
    /// gets what it writes, line by line; console.log is in `directory` then.
    package func run(
        _ session: MachineSession, in directory: borrowing ReportDirectory,
        output: (String) -> Void
    ) throws(RunError) -> ProgramEnd {
        do {
            var initramfs = session.initramfs
            try pack(into: &initramfs)
            try GuestMemory(config: session.config.config, initramfs: initramfs.size).checkBoot()
            let seconds = Int(session.config.run.duration.nanoseconds / 1_000_000_000) + 1
            // A program may well say nothing until its end, and a checker has 300 s after it.
            let pace = session.machine.deterministic ? 60 : 1
            var limits = MachineLimits(run: 400 + seconds * pace)
            limits.silence = 120 + seconds * pace
            let run = try session.machine.run(
                initramfs, config: session.guestConfig,
                in: directory.held, limits: limits, progress: output)
            directory.keep(run)
            return try end(run, memory: session.config.vm.memory)
        } catch { throw RunError(error) }
    }

    /// What a machine that ran leaves to say about the program.
    private func end(_ run: MachineRun, memory: ByteSize) throws -> ProgramEnd {
        func sent(_ file: String) -> String? {
            run.files[file].map { String(decoding: $0, as: UTF8.self) }
        }
        let reading = MachineReading(run: run, memory: memory)
        if let died = reading.harnessDied {
            throw RunError.untested("the harness itself died: \(died)")
        }
        if let obstacle = sent("obstacle.txt") { throw RunError.untested(obstacle) }
        let fallback: String
        switch run.outcome {
        case .finished: fallback = "nothing known"
        case .panicked: fallback = "the machine died"
        case .hung(let seconds): fallback = "nothing heard of it for \(seconds) s"
        case .neverBooted(let reason), .qemuDied(let reason), .garbled(let reason):
            throw RunError.untested(reason + reading.lastWords)
        case .switchedOff: throw RunError.untested("the machine switched itself off")
        case .qemuStopped(let reason): throw RunError.untested("interrupted: \(reason)")
        case .silent(let seconds):
            throw RunError.untested("no sign of life in \(seconds) s" + reading.lastWords)
        case .interrupted: throw RunError.untested("interrupted")
        }
        var complaints = run.reports.map(\.line)
        if let taint = sent(GuestProgram.taintFile) { complaints.append(taint) }
        return ProgramEnd(
            program: sent(GuestProgram.endFile) ?? fallback, complaints: complaints,
            check: sent(GuestProgram.checkFile), interrupt: run.interrupt)
    }

    // MARK: the guest's side

    /// The program that this machine was booted for; nil in a torture.
    static func packed() throws -> GuestProgram? {
        guard Files.exists(commandPath) else { return nil }
        let words = try Files.read(commandPath)
            .split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
        return GuestProgram(words)
    }

    /// From the words that `pack` put into this machine.
    private init(_ words: [String]) {
        (path, arguments, companions) = (words[1], Array(words.dropFirst(2)), [])
        repeats = words[0] == GuestProgram.repeatedly
    }

    /// Runs it in the mounted filesystem, and checks that afterwards.
    func run(_ guest: Guest, on volume: Volume, _ config: ResolvedConfig) throws {
        let taint = KernelLog.taint
        let end = try follow(
            guest, in: volume.mountPoint, limit: Int(config.run.duration.nanoseconds / 1_000_000))
        _ = guest.outbox.file(GuestProgram.endFile, Array(end.utf8))
        do {
            try volume.unmount()
            let complaint = try volume.complaint() ?? ""
            _ = guest.outbox.file(GuestProgram.checkFile, Array(complaint.utf8))
        } catch {
            guest.outbox.progress("daxtorture: the filesystem cannot be checked: \(error)")
        }
        if KernelLog.taint != taint {
            let change =
                "the kernel's taint went from \(taint) to \(KernelTaint.text(KernelLog.taint))"
            _ = guest.outbox.file(GuestProgram.taintFile, Array(change.utf8))
        }
    }

    /// Runs it for at most `limit` milliseconds, sends on what it writes, and leaves no process of
    /// it; how it ended. One that hangs in the kernel is waited for: the kernel says so in its log,
    /// and the host ends the machine.
    private func follow(_ guest: Guest, in directory: String, limit: Int) throws -> String {
        let output = try HostFile.memory("output")
        var lines = Lines()
        let begin = monotonicMilliseconds()
        func elapsed() -> Int { monotonicMilliseconds() - begin }
        func isOver() -> Bool { elapsed() >= limit || guest.stopRequested }

        var exit: ChildProcess.Exit?
        repeat {
            try Files.enter(directory)
            var child = try ChildProcess(
                [path] + arguments, environment: ChildProcess.environment + ["PATH=/sbin"],
                output: output, error: output)
            // Nobody but the program keeps the filesystem busy: it may unmount it.
            try Files.enter("/")
            while try child.wait(milliseconds: 50) == nil, !isOver() {
                try lines.forward(output, to: guest.outbox)
            }
            exit = child.exit
            GuestKernel.killOthers()
            try child.kill()
        } while repeats && exit == .exited(0) && !isOver()
        let seconds = Figures.seconds(Double(elapsed()) / 1000)
        try lines.forward(output, to: guest.outbox, isLast: true)
        return "\(exit.map { "\($0)" } ?? ProgramEnd.stopped) after \(seconds)"
    }

    /// The lines of a file that is still being written.
    private struct Lines {
        private var taken = 0
        private var pending: [UInt8] = []

        mutating func forward(
            _ file: borrowing HostFile, to outbox: Outbox, isLast: Bool = false
        ) throws {
            let bytes = try file.read(at: taken, limit: file.size() - taken)
            taken += bytes.count
            pending += bytes
            var lines = pending.split(
                separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let rest = lines.removeLast()
            if isLast && !rest.isEmpty { lines.append(rest) }
            for line in lines { outbox.progress(String(decoding: line, as: UTF8.self)) }
            pending = Array(rest)
        }
    }
}
