package import DaxConfig
package import DaxDevices
import DaxHost
import DaxMachine
package import DaxReport
import DaxSystem
import DaxText

/// A run on this machine itself: in a directory of a mounted filesystem, or on a device.
package struct LocalSession: ~Copyable {
    let config: ResolvedConfig
    private var device: FormattableDevice?

    /// `config` names a mount or a device. A device is refused unless it may be formatted; `format` and
    /// `progress` as in ``DeviceCheck/formattable(_:format:progress:)``.
    package init(
        _ config: ResolvedConfig, format: Bool, progress: (String) -> Void
    ) throws(DeviceRefusal) {
        precondition(config.fs.mount != nil || config.fs.device != nil)
        self.config = config
        guard let path = config.fs.device else {
            device = nil
            return
        }
        device = try DeviceCheck().formattable(path, format: format, progress: progress)
    }

    /// What was chosen, a line each.
    package var choices: [String] {
        config.fs.device.map { ["device \($0), formatted anew"] } ?? ["in \(config.fs.mount!)"]
    }

    /// Runs and draws up the report; `file` gets what else belongs into its directory. What was mounted
    /// or made is gone afterwards.
    package consuming func run(
        file: @escaping (String, [UInt8]) -> Void, progress: @escaping (String) -> Void
    ) throws -> Report {
        try Interrupts.count()
        try LocalSession.goOn()
        let config = config
        guard let device = self.device.take() else {
            let directory = "\(config.fs.mount!)/daxtorture.\(Clock.ticks())"
            try Files.makeDirectory(directory)
            defer { try? Files.removeDirectory(directory) }
            return try LocalSession.lifecycle(config, in: directory, file, progress).run().report
        }
        let mountPoint = try Files.makeTemporaryDirectory("daxtorture")
        defer { try? Files.removeDirectory(mountPoint) }
        let volume = Volume(config: config.fs, device: device.path, mountPoint: mountPoint)
        let fill = try volume.make(on: device)
        try LocalSession.goOn()
        try volume.mount()
        var isLost = false
        // Where an actor hangs in the filesystem, umount would hang, too; only its name can be taken away.
        defer { try? volume.unmount(lazily: isLost) }
        var lifecycle = try LocalSession.lifecycle(config, in: mountPoint, file, progress)
        (lifecycle.volume, lifecycle.fill) = (volume, fill)
        let outcome = try lifecycle.run()
        isLost = outcome.isLost
        return outcome.report
    }

    /// Throws if a signal came while nobody looked.
    private static func goOn() throws(RunError) {
        if Interrupts.seen > 0 { throw .untested("interrupted before the run began") }
    }

    private static func lifecycle(
        _ config: ResolvedConfig, in directory: String,
        _ file: @escaping (String, [UInt8]) -> Void, _ progress: @escaping (String) -> Void
    ) throws -> RunLifecycle {
        // What the kernel prints from here on is the run's.
        let log = try? KernelLog()
        return RunLifecycle(
            config: config, directory: directory, outlivesRun: true, clock: try ClockCheck(),
            nonce: { _ in Clock.ticks() },
            listener: Torture.Listener(
                progress: progress, file: file, stopRequested: { Interrupts.seen > 0 }),
            complete: { report in
                report.kernel = GuestKernel.release()
                report.interrupted(by: Interrupts.soFar, of: config)
                guard let log else {
                    report.notes.append(
                        "the kernel's log cannot be read: what it printed is not judged")
                    return
                }
                let printed = Array(log.lines().joined(separator: "\n").utf8)
                report.add(printed: ConsoleLog(printed).reports)
            })
    }
}
