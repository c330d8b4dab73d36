internal import DaxSystem

/// The host's eye on one running machine: its frames, its deadlines, Ctrl-C, and its end.
struct MachineWatch: ~Copyable {
    private var child: ChildProcess
    private var reader: OutboxReader
    private let limits: MachineLimits
    private let deterministic: Bool

    private let started = monotonicMilliseconds()
    private var hello: Int?
    private var lastFrame = monotonicMilliseconds()
    private var status: Int32?
    private var stopAsked: Int?
    private let interruptsBefore = Interrupts.seen

    init(
        child: consuming ChildProcess, reader: consuming OutboxReader, limits: MachineLimits,
        deterministic: Bool
    ) {
        self.child = child
        self.reader = reader
        self.limits = limits
        self.deterministic = deterministic
    }

    /// How often to look, in milliseconds: a line of progress may be that late.
    private static let pace: Int32 = 20

    /// Stays until the machine is gone; the outcome and what it sent are in `run` then.
    mutating func follow(
        _ run: inout MachineRun, _ progress: (String) -> Void
    ) throws(SystemError) {
        while true {
            // The order matters: what QEMU's memory holds after its end is all there is.
            let exit = try child.wait(milliseconds: MachineWatch.pace)
            do throws(OutboxFailure) {
                try take(&run, progress)
            } catch {
                try child.kill()
                switch error {
                case .brokenStream(let reason): run.outcome = .garbled(reason: reason)
                }
                return
            }
            let end = if let exit { outcome(after: exit) } else { overdue() }
            if let end {
                run.outcome = end
                try child.kill()
                return
            }
        }
    }

    private mutating func take(
        _ run: inout MachineRun, _ progress: (String) -> Void
    ) throws(OutboxFailure) {
        let now = monotonicMilliseconds()
        var heard = false
        var hello = hello
        var status = status
        try reader.poll { event in
            heard = true
            switch event {
            case .hello(let kernel):
                hello = now
                run.kernelRelease = kernel
                run.bootMilliseconds = now - started
            case .progress(let line): progress(line)
            case .file(let name, let bytes): run.files[name] = bytes
            case .finished(let last): status = last
            }
        }
        if heard { lastFrame = now }
        self.hello = hello
        self.status = status
    }

    /// What it means that QEMU ended.
    private func outcome(after exit: ChildProcess.Exit) -> MachineOutcome? {
        if let status { return .finished(status: status) }
        guard exit == .exited(0) else { return .qemuDied(reason: "\(exit)") }
        // -no-reboot: a kernel that panics resets the machine, and QEMU ends content.
        if hello == nil { return .neverBooted(reason: "the machine switched itself off") }
        return .panicked
    }

    /// Whether a deadline has passed, or the user has had enough.
    private mutating func overdue() -> MachineOutcome? {
        let now = monotonicMilliseconds()
        func passed(_ seconds: Int, since start: Int) -> Bool { now - start > seconds * 1000 }

        let interrupts = Interrupts.seen - interruptsBefore
        if interrupts > 0 && status == nil {
            if deterministic || hello == nil || interrupts > 1 { return .interrupted }
            if stopAsked == nil {
                stopAsked = now
                reader.requestStop()
            }
        }
        if let stopAsked, status == nil, passed(limits.end, since: stopAsked) {
            return .interrupted
        }
        if let status {
            return passed(limits.end, since: lastFrame) ? .finished(status: status) : nil
        }
        guard let hello else {
            return passed(limits.boot, since: started) ? .silent(seconds: limits.boot) : nil
        }
        if passed(limits.silence, since: lastFrame) { return .hung(seconds: limits.silence) }
        if passed(limits.run, since: hello) { return .hung(seconds: limits.run) }
        return nil
    }
}
