import DaxHost
package import DaxSystem
package import DaxText

/// The directory of one night: its plan, its runs and what they came to.
package struct NightDirectory: Sendable {
    package let path: String

    /// The night at `path`, which need not be there.
    package init(_ path: String) { self.path = path }

    /// What it is called.
    package var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The directory of nights that it is in: `.` for a name alone.
    package var parent: String { Files.parent(of: path) }

    private func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Its plan; nil where there is none yet.
    package func plan() throws -> NightPlan? {
        guard Files.exists(file("plan.json")) else { return nil }
        return try NightDirectory.read(file("plan.json"), NightPlan.init(json:))
    }

    /// Writes its plan, once.
    package func write(_ plan: NightPlan) throws {
        try Files.makeDirectories(file("runs"))
        try Files.replace(file("plan.json"), with: Array(plan.json.text.utf8))
    }

    /// What the runs of `plan` came to, by id. An outcome that cannot be read is none: its run is made
    /// again, or its report found.
    package func outcomes(of plan: NightPlan) -> [String: RunOutcome] {
        var found: [String: RunOutcome] = [:]
        for run in plan.runs {
            let path = file("runs/\(run.id).json")
            guard Files.exists(path),
                let outcome = try? NightDirectory.read(path, RunOutcome.init(json:)),
                outcome.id == run.id
            else { continue }
            found[run.id] = outcome
        }
        return found
    }

    /// Writes what a run came to, in one step: whoever finds it does not run it again.
    package func write(_ outcome: RunOutcome) throws {
        try Files.replace(
            file("runs/\(outcome.id).json"), with: Array(outcome.json.text.utf8))
    }

    /// What it left open, and what it came to; nil where it has not been summed up.
    package func summary() -> JSON? {
        try? NightDirectory.read(file("results.json"), { (json: JSON) in json })
    }

    /// Whether it came to its end: by itself, be it for want of time, or with an outcome for each run.
    package var isFinished: Bool { summary()?["finished"]?.flag == true }

    /// Keeps room for the results of so many runs, for when the disk is full: they are a few KiB a run, in
    /// all formats together.
    package func reserve(runs: Int) throws(SystemError) {
        let size = 256 << 10 + runs * (8 << 10)
        try Files.write([UInt8](repeating: 0x2d, count: size), to: file("reserve"))
    }

    /// Gives that room to whoever writes next.
    package func release() {
        if Files.exists(file("reserve")) { try? Files.remove(file("reserve")) }
    }

    /// Writes a file of results in one step.
    package func write(_ text: String, as name: String) throws(SystemError) {
        try Files.replace(file(name), with: Array(text.utf8))
    }

    private static func read<Value>(
        _ path: String, _ make: (JSON) throws -> Value
    ) throws -> Value {
        do {
            return try make(JSON(Files.input(path, limit: 64 << 20)))
        } catch let error as SystemError {
            throw NightError("\(error)")
        } catch {
            throw NightError("\(path): \(error)")
        }
    }
}
