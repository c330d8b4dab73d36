import DaxBench
import DaxConfig
import DaxDevices
import DaxHost
import DaxMachine
import DaxReport
import DaxSystem
import DaxText

/// The run inside the machine that was booted for it.
package enum GuestRun {
    /// Whether this process is the first of such a machine; then `main` is all it should do.
    package static var isHere: Bool { Guest.isHere }

    /// Makes the filesystem, tortures it or lets another program do so, sends what came of it, and
    /// switches the machine off.
    package static func main() -> Never {
        Guest.main { guest in
            do {
                let config = try config(guest)
                let (volume, fill) = try volume(guest, config)
                if let program = try GuestProgram.packed() {
                    try program.run(guest, on: volume, config)
                    return ExitStatus.clean.rawValue
                }
                if config.minimise.signatures != nil {
                    try Minimisation(
                        config: config, volume: volume,
                        slack: guest.deterministic ? 0 : try ClockCheck().slack, guest: guest
                    ).run()
                    return ExitStatus.clean.rawValue
                }
                if config.bench.kind != nil {
                    let report = try Bench(config.config, in: volume.mountPoint).run {
                        guest.outbox.progress("bench: \($0)")
                    }
                    _ = guest.outbox.file(Bench.file, Array(report.json.text.utf8))
                    return ExitStatus.clean.rawValue
                }
                let report = try lifecycle(guest, config, on: volume, fill).run().report
                _ = guest.outbox.file("report.json", Array(report.json.text.utf8))
                return report.verdict.exitStatus.rawValue
            } catch {
                _ = guest.outbox.file("obstacle.txt", Array("\(error)".utf8))
                return ExitStatus.untested.rawValue
            }
        }
    }

    /// The host has resolved it: nothing of it is wrong, and its seed is drawn.
    private static func config(_ guest: Guest) throws -> ResolvedConfig {
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(String(decoding: guest.config, as: UTF8.self), name: "the run's config")
        return try resolver.resolved { preconditionFailure("a machine's config without a seed") }
    }

    /// The filesystem under test, made and mounted.
    private static func volume(
        _ guest: Guest, _ config: ResolvedConfig
    ) throws -> (Volume, DeviceFill?) {
        // What memmap= sets apart has pages in ordinary memory from the start; a DIMM has none.
        if config.vm.map == .dev || config.vm.device == .nvdimm {
            try guest.makePages(onDevice: config.vm.map == .dev)
        }
        let volume = Volume(config: config.fs, device: guest.device, mountPoint: "/mnt")
        // The machine's own memory, which is blank at each boot.
        let fill = try volume.make(on: DeviceCheck().formattable(guest.device, format: true))
        try volume.mount()
        return (volume, fill)
    }

    private static func lifecycle(
        _ guest: Guest, _ config: ResolvedConfig, on volume: Volume, _ fill: DeviceFill?
    ) throws -> RunLifecycle {
        var lifecycle = RunLifecycle(
            config: config, directory: volume.mountPoint, volume: volume, fill: fill,
            outlivesRun: false, clock: guest.deterministic ? nil : try ClockCheck(),
            nonce: { $0 },
            deadline: Torture.deadline(boot: guest.bootNanoseconds),
            listener: Torture.Listener(
                progress: { guest.outbox.progress($0) },
                known: { guest.outbox.keepLatest(Array($0.json.text.utf8)) },
                file: { _ = guest.outbox.file($0, $1) },
                stopRequested: { guest.stopRequested }),
            complete: { _ in })
        if config.crash.cuts > 0 {
            lifecycle.power = try PowerSupply(config.config, outbox: guest.outbox)
        }
        return lifecycle
    }
}
