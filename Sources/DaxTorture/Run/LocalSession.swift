public import DaxConfig
public import DaxDevices
import DaxMachine
public import DaxReport
import DaxSystem
import DaxText

/// A run on this machine itself: in a directory of a mounted filesystem, or on a device.
public struct LocalSession: ~Copyable {
    let config: Config
    private var device: FormattableDevice?

    /// `config` names a mount or a device, and has a seed. A device is refused unless it may be
    /// formatted; `format` and `progress` as in ``DeviceCheck/formattable(_:format:progress:)``.
    public init(_ config: Config, format: Bool, progress: (String) -> Void) throws(DeviceRefusal) {
        precondition(config.fs.mount != nil || config.fs.device != nil)
        self.config = config
        guard let path = config.fs.device else {
            device = nil
            return
        }
        device = try DeviceCheck().formattable(path, format: format, progress: progress)
    }

    /// What was chosen, a line each.
    public var choices: [String] {
        config.fs.device.map { ["device \($0), formatted anew"] } ?? ["in \(config.fs.mount!)"]
    }

    /// Runs and draws up the report. What was mounted or made is gone afterwards.
    public consuming func run(progress: @escaping (String) -> Void) throws -> Report {
        try Interrupts.count()
        try LocalSession.goOn()
        let config = config
        guard let device = self.device.take() else {
            let directory = "\(config.fs.mount!)/daxtorture.\(Clock.ticks())"
            try Files.makeDirectory(directory)
            defer { try? Files.removeDirectory(directory) }
            return try LocalSession.torture(config, in: directory, volume: nil, nil, progress)
        }
        let mountPoint = try Files.makeTemporaryDirectory("daxtorture")
        defer { try? Files.removeDirectory(mountPoint) }
        let volume = Volume(config: config.fs, device: device.path, mountPoint: mountPoint)
        let fill = try volume.make(on: device)
        try LocalSession.goOn()
        try volume.mount()
        defer { try? volume.unmount() }
        return try LocalSession.torture(config, in: mountPoint, volume: volume, fill, progress)
    }

    /// Throws if a signal came while nobody looked.
    private static func goOn() throws(RunError) {
        if Interrupts.seen > 0 { throw .untested("interrupted before the run began") }
    }

    private static func torture(
        _ config: Config, in directory: String, volume: Volume?, _ fill: DeviceFill?,
        _ progress: @escaping (String) -> Void
    ) throws -> Report {
        let log = try? KernelLog()
        let clock = try ClockCheck()
        let make = { (config: Config, _: UInt64) -> Torture in
            let torture = Torture(
                config, seed: config.run.seed!.value, nonce: Clock.ticks(), slack: clock.slack,
                directory: directory,
                listener: Torture.Listener(
                    progress: progress, stopRequested: { Interrupts.seen > 0 }))
            torture.note(clock.facts)
            return torture
        }
        if config.oracle.compare > 0 {
            var report = try Comparison(config: config, make: make).run()
            clock.conclude(&report)
            report.interrupted(by: Interrupts.soFar, of: config)
            report.conclude()
            return report
        }
        let torture = make(config, 0)
        if let fill { torture.note(fill) }
        let free = try volume?.freeBytes()
        defer { if !torture.isLost { torture.removeFiles() } }
        var report = try torture.run()
        if let volume, let free, !torture.isLost {
            try volume.unmount()
            report = torture.check(volume)
            try volume.mount()
            report = try torture.auditAfterRemount()
            report = torture.compareSpace(volume, baseline: free)
        }
        clock.conclude(&report)
        report.kernel = GuestKernel.release()
        report.interrupted(by: Interrupts.soFar, of: config)
        if let log {
            let printed = Array(log.lines().joined(separator: "\n").utf8)
            report.add(printed: ConsoleLog(printed).reports)
        } else {
            report.notes.append("the kernel's log cannot be read: what it printed is not judged")
        }
        report.conclude()
        return report
    }
}
