import DaxConfig
import DaxDevices
import DaxMachine
import DaxReport
import DaxSystem
import DaxText

/// The run inside the machine that was booted for it.
public enum GuestRun {
    /// Whether this process is the first of such a machine; then `main` is all it should do.
    public static var isHere: Bool { Guest.isHere }

    /// Makes the filesystem, tortures it or lets another program do so, sends what came of it, and
    /// switches the machine off.
    public static func main() -> Never {
        Guest.main { guest in
            do {
                let config = try config(guest)
                let (volume, fill) = try volume(guest, config)
                if let program = try GuestProgram.packed() {
                    try program.run(guest, on: volume, config)
                    return 0
                }
                let report = try run(guest, config, on: volume, fill)
                _ = guest.outbox.file("report.json", Array(report.json.text.utf8))
                return report.verdict.exitStatus
            } catch {
                _ = guest.outbox.file("obstacle.txt", Array("\(error)".utf8))
                return Verdict.untested.exitStatus
            }
        }
    }

    private static func config(_ guest: Guest) throws -> Config {
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(String(decoding: guest.config, as: UTF8.self), name: "the run's config")
        return try resolver.resolved()
    }

    /// The filesystem under test, made and mounted.
    private static func volume(_ guest: Guest, _ config: Config) throws -> (Volume, DeviceFill) {
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

    private static func run(
        _ guest: Guest, _ config: Config, on volume: Volume, _ fill: DeviceFill
    ) throws -> Report {
        guard let seed = config.run.seed else { throw RunError.config("a run without a seed") }
        // There one counter counts instructions, of one CPU at a time.
        let clock = try guest.deterministic ? nil : ClockCheck()
        let make = { (config: Config, number: UInt64) -> Torture in
            let torture = Torture(
                config, seed: seed.value, nonce: number, slack: clock?.slack ?? 0,
                directory: volume.mountPoint,
                listener: Torture.Listener(
                    progress: { guest.outbox.progress($0) },
                    known: { guest.outbox.keepLatest(Array($0.json.text.utf8)) },
                    stopRequested: { guest.stopRequested }))
            if let clock { torture.note(clock.facts) }
            return torture
        }
        if config.oracle.compare > 0 {
            var report = try Comparison(config: config, make: make).run()
            clock?.conclude(&report)
            report.conclude()
            return report
        }
        let torture = make(config, 0)
        torture.note(fill)
        let free = try volume.freeBytes()
        // A kernel may well die of the unmount, and what was found before it must not be lost with it.
        func kept(_ report: Report) -> Report {
            guest.outbox.keepLatest(Array(report.json.text.utf8))
            return report
        }
        var report = kept(try torture.run())
        if torture.isLost {
            // Somebody hangs in the kernel: umount would hang too.
            clock?.conclude(&report)
            report.conclude()
            return report
        }
        try volume.unmount()
        report = kept(torture.check(volume))
        try volume.mount()
        report = kept(try torture.auditAfterRemount())
        report = torture.compareSpace(volume, baseline: free)
        clock?.conclude(&report)
        report.conclude()
        return report
    }
}
