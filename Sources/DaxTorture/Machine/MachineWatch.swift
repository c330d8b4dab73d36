internal import DaxHost
internal import DaxSystem

/// The host's eye on one running machine: its frames, its deadlines, Ctrl-C, and its end.
struct MachineWatch: ~Copyable {
    private var child: ChildProcess
    private var reader: OutboxReader
    private let monitor: QEMUMonitor
    private var limits: MachineLimits
    private let deterministic: Bool

    private let started = monotonicMilliseconds()
    /// Times are nanoseconds of this clock: of two processes that were stopped together, neither is late.
    private var seen: SeenTime
    private let clock: () -> UInt64
    private var hello: UInt64?
    private var lastFrame: UInt64 = 0
    private var status: Int32?
    private var stopAsked: UInt64?

    init(
        child: consuming ChildProcess, reader: consuming OutboxReader,
        monitor: consuming QEMUMonitor, limits: MachineLimits, deterministic: Bool,
        clock: @escaping () -> UInt64 = Clock.monotonicNanoseconds
    ) {
        self.child = child
        self.reader = reader
        self.monitor = monitor
        self.limits = limits
        self.deterministic = deterministic
        self.clock = clock
        seen = SeenTime(at: clock())
    }

    /// How often to look, in milliseconds: a line of progress may be that late.
    private static let pace: Int32 = 20

    /// Stays until the machine is gone; the outcome and what it sent are in `run` then.
    mutating func follow(
        _ run: inout MachineRun, _ progress: (String) -> Void
    ) throws(SystemError) {
        run.outcome = try end(&run, progress)
        try child.kill()
        // Nobody writes there any more.
        run.latest = reader.latest
    }

    /// Stays until the machine has ended, or is to be ended.
    private mutating func end(
        _ run: inout MachineRun, _ progress: (String) -> Void
    ) throws(SystemError) -> MachineOutcome {
        while true {
            // The order matters: what QEMU's memory holds after its end is all there is.
            let exit = try child.wait(milliseconds: MachineWatch.pace)
            let isStopped = child.isStopped
            if isStopped { seen.skip(to: clock()) } else { seen.step(to: clock()) }
            if !deterministic {
                run.longestGap = seen.longestGap
                let now = clock()
                if run.share.isDue(at: now) { run.share.add(child.processorTime, at: now) }
            }
            do throws(OutboxFailure) {
                try take(&run, progress)
            } catch {
                switch error {
                case .brokenStream(let reason): return .garbled(reason: reason)
                }
            }
            if status == nil { run.interrupt = Interrupts.soFar }
            // It would never be asked.
            if isStopped && run.interrupt != nil { return .interrupted }
            let end = if let exit { try outcome(after: exit) } else { overdue(run.interrupt) }
            if let end { return end }
        }
    }

    private mutating func take(
        _ run: inout MachineRun, _ progress: (String) -> Void
    ) throws(OutboxFailure) {
        let now = seen.nanoseconds
        let boot = monotonicMilliseconds() - started
        var heard = false
        var hello = hello
        var status = status
        try reader.poll { event in
            heard = true
            switch event {
            case .hello(let kernel):
                hello = now
                run.kernelRelease = kernel
                run.bootMilliseconds = boot
            case .progress(let line): progress(line)
            case .file(let name, let bytes): run.files[name] = bytes
            case .finished(let last): status = last
            }
        }
        if heard { lastFrame = now }
        if let hello, self.hello == nil {
            limits = limits.after(boot: Int(hello / 1_000_000_000))
        }
        self.hello = hello
        self.status = status
    }

    /// What it means that QEMU ended.
    private func outcome(after exit: ChildProcess.Exit) throws(SystemError) -> MachineOutcome? {
        if let status { return .finished(status: status) }
        let shutdown = try monitor.shutdown()
        if Interrupts.seen > 0 && shutdown != .reset { return .interrupted }
        guard exit == .exited(0) else { return .qemuDied(reason: "\(exit)") }
        switch shutdown {
        case .reset?, .switchedOff?:
            if hello == nil { return .neverBooted(reason: "the machine switched itself off") }
            // -no-reboot: a kernel that panics resets the machine, and QEMU ends content.
            return shutdown == .reset ? .panicked : .switchedOff
        case .signal?: return .qemuStopped(reason: "a signal reached QEMU")
        case .other(let reason)?: return .qemuDied(reason: "\(exit), by \(reason)")
        case nil: return .qemuDied(reason: "\(exit), without a reason")
        }
    }

    /// Whether a deadline has passed, or the user has had enough.
    private mutating func overdue(_ interrupt: Interrupt?) -> MachineOutcome? {
        let now = seen.nanoseconds
        func passed(_ seconds: Int, since start: UInt64) -> Bool {
            now - start > UInt64(seconds) * 1_000_000_000
        }

        // Whenever they came: nothing in here has looked before.
        if let interrupt, status == nil {
            if deterministic || hello == nil || interrupt.times > 1 { return .interrupted }
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
            return passed(limits.boot, since: 0) ? .silent(seconds: limits.boot) : nil
        }
        if passed(limits.silence, since: lastFrame) { return .hung(seconds: limits.silence) }
        if passed(limits.run, since: hello) { return .hung(seconds: limits.run) }
        return nil
    }
}
