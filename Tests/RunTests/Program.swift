import DaxHost
import DaxReport
import DaxSystem
import DaxText
import TestSupport
import Testing

/// The program as a user starts it, with a directory of its own to write into.
struct Program {
    private let scratch: Scratch
    /// Where its report goes; absent until a run makes it.
    let report: String

    var directory: String { scratch.path }

    init(_ function: String = #function) throws {
        scratch = try Scratch(function)
        report = "\(scratch.path)/report"
    }

    func write(_ name: String, _ text: String) throws {
        try scratch.write(name, Array(text.utf8))
    }

    /// A cache that holds, by links, the named parts of this host's own.
    func cache(of parts: [String]) throws -> String {
        try Files.makeDirectories("\(directory)/cache/daxtorture")
        for part in parts {
            let link = [
                "/bin/ln", "-s", "\(Host.cache)/\(part)", "\(directory)/cache/daxtorture/",
            ]
            try #require(try ChildProcess.run(link, seconds: 30).exit == .exited(0))
        }
        return "\(directory)/cache"
    }

    /// This process's environment, with another cache.
    private func environment(cache: String?) -> [String] {
        guard let cache else { return ChildProcess.environment }
        return ChildProcess.environment.filter { !$0.hasPrefix("XDG_CACHE_HOME=") }
            + ["XDG_CACHE_HOME=\(cache)"]
    }

    /// Runs it to its end with these arguments and `--report`.
    func run(
        _ arguments: [String], report: String? = nil, cache: String? = nil, seconds: Int32
    ) throws -> ChildProcess.Finished {
        // What stands behind "--" is another program's.
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return try ChildProcess.run(
            [try TestBench.program("daxtorture")] + arguments[..<end]
                + ["--report", report ?? self.report] + arguments[end...],
            environment: environment(cache: cache), seconds: seconds)
    }

    /// Starts it, and leaves it running.
    func start(_ arguments: [String], output: borrowing HostFile) throws -> ChildProcess {
        try ChildProcess(
            [try TestBench.program("daxtorture")] + arguments + ["--report", report],
            environment: ChildProcess.environment, output: output, error: output)
    }

    /// The report that a run left.
    func reportRead() throws -> Report {
        try Report(json: JSON(Files.read("\(report)/report.json")))
    }

    /// Expects that these arguments are refused: by that exit status and that one line, with
    /// nothing on stdout and nothing made or changed.
    func refuses(
        _ arguments: [String], report: String? = nil, cache: String? = nil, exit: Int32 = 2,
        _ line: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = try contents()
        let run = try run(arguments, report: report, cache: cache, seconds: 60)
        #expect(run.exit == .exited(exit), sourceLocation: sourceLocation)
        #expect(run.error == "daxtorture: \(line)\n", sourceLocation: sourceLocation)
        // Where it was a run that could not be had, the last line on stdout is its verdict.
        let said = String(decoding: run.output, as: UTF8.self)
        let isVerdict = said.hasPrefix("untested: ") && said.hasSuffix(").\n")
        #expect(exit == 125 ? isVerdict : said.isEmpty, "\(said)", sourceLocation: sourceLocation)
        #expect(try contents() == before, sourceLocation: sourceLocation)
    }

    /// What is in the directory, and the bytes of every file below it.
    private func contents() throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in try Files.names(in: directory) { contents[name] = [] }
        for file in try Files.all(below: directory) where !file.hasPrefix("report/console") {
            contents[file] = try Files.read("\(directory)/\(file)")
        }
        return contents
    }
}
