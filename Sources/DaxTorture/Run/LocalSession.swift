public import DaxConfig
import DaxMachine
public import DaxReport
import DaxSystem
import DaxText

/// A run on this machine itself: in a directory of a mounted filesystem, or on a device.
public struct LocalSession {
    let config: Config

    /// `config` names a mount or a device, which the caller has found free, and has a seed.
    public init(_ config: Config) {
        precondition(config.fs.mount != nil || config.fs.device != nil)
        self.config = config
    }

    /// What was chosen, a line each.
    public var choices: [String] {
        config.fs.device.map { ["device \($0), formatted anew"] } ?? ["in \(config.fs.mount!)"]
    }

    /// Runs and draws up the report. What was mounted or made is gone afterwards.
    public func run(progress: @escaping (String) -> Void) throws -> Report {
        try Interrupts.count()
        guard let device = config.fs.device else {
            let directory = "\(config.fs.mount!)/daxtorture.\(Clock.ticks())"
            try Files.makeDirectory(directory)
            defer { try? Files.removeDirectory(directory) }
            return try torture(in: directory, volume: nil, nil, progress)
        }
        let mountPoint = try Files.makeTemporaryDirectory("daxtorture")
        defer { try? Files.removeDirectory(mountPoint) }
        let volume = Volume(config: config.fs, device: device, mountPoint: mountPoint)
        let fill = try volume.make()
        try volume.mount()
        defer { try? volume.unmount() }
        return try torture(in: mountPoint, volume: volume, fill, progress)
    }

    private func torture(
        in directory: String, volume: Volume?, _ fill: DeviceFill?,
        _ progress: @escaping (String) -> Void
    ) throws -> Report {
        let log = try? KernelLog()
        let make = { (config: Config, _: UInt64) in
            Torture(
                config, seed: config.run.seed!.value, nonce: Clock.ticks(), slack: Slack.hardware,
                directory: directory,
                listener: Torture.Listener(
                    progress: progress, stopRequested: { Interrupts.seen > 0 }))
        }
        if config.oracle.compare > 0 { return try Comparison(config: config, make: make).run() }
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
        report.kernel = GuestKernel.release()
        if let log {
            for found in ConsoleLog(Array(log.lines().joined(separator: "\n").utf8)).reports {
                report.add(Violation(kernel: found))
            }
        } else {
            report.notes.append("the kernel's log cannot be read: what it printed is not judged")
        }
        report.conclude()
        return report
    }
}
