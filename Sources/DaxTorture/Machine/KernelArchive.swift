package import DaxHost
internal import DaxSystem

/// The archive that kernels are fetched from, by the script that knows how: ci/fetch-kernel.
package struct KernelArchive: Sendable {
    /// The script.
    package let script: String

    /// Throws where the script is not there.
    package init() throws(MachineError) { script = try Supply.script("fetch-kernel") }

    /// How long it may take to read the lists of an archive, and to bring a kernel, in seconds.
    private static let deadlines: (list: Int32, fetch: Int32) = (180, 3600)

    /// What is offered: lines of a release, a tab, and a suite; and what went wrong with some of it, its
    /// own words.
    package func offer() throws(MachineError) -> (lines: String, complaint: String?) {
        let run = try onHost { () throws(SystemError) in
            try ChildProcess.run(
                [script, "--list"], guarded: true, seconds: KernelArchive.deadlines.list,
                most: 1 << 20)
        }
        if Interrupts.seen > 0 { throw .interrupted }
        let said = run.error.split(separator: "\n").last.map(String.init)
        let failure = run.exit.map { "\($0)" } ?? "no answer in \(KernelArchive.deadlines.list) s"
        return (
            String(decoding: run.output, as: UTF8.self),
            run.exit == .exited(0) ? nil : said ?? "\(script): \(failure)"
        )
    }

    /// Brings kernels, by the names that the script knows, with their configurations into the cache;
    /// `progress` gets what it says meanwhile.
    package func fetch(
        _ names: [String], progress: (String) -> Void
    ) throws(MachineError) -> ChildProcess.Exit {
        try onHost { () throws(SystemError) in
            let said = try HostFile.memory("what the script says")
            var child = try ChildProcess(
                [script, "--config"] + names, environment: ChildProcess.environment, output: said,
                error: said, guarded: true)
            var deadline = Deadline(
                nanoseconds: UInt64(KernelArchive.deadlines.fetch) * 1_000_000_000)
            var told = 0
            while true {
                let exit = try child.wait(milliseconds: 100)
                let more = try said.read(at: told, limit: 1 << 16)
                told += more.count
                if !more.isEmpty { progress(String(decoding: more, as: UTF8.self)) }
                if let exit, more.isEmpty { return exit }
                if Interrupts.seen > 0 { throw SystemError("fetch", code: SystemError.killed) }
                if deadline.isOver() { throw SystemError("fetch", code: SystemError.timedOut) }
            }
        }
    }
}
