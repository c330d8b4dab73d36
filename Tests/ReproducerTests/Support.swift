import DaxConfig
import DaxHost
import DaxReproducer
import DaxSystem
import DaxTorture
import TestSupport

/// A program that was printed, compiled by the clang that comes with Swift.
struct PrintedProgram {
    let text: String
    let scratch: Scratch

    static let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    /// The scripts of the known bugs.
    static let configs = ((try? Files.names(in: "\(repository)/configs/bugs")) ?? [])
        .filter { $0.hasSuffix("-steps.toml") }

    /// Of the config of that name in configs/bugs.
    init(bug name: String) throws {
        try self.init(Files.text("\(PrintedProgram.repository)/configs/bugs/\(name)"))
    }

    /// Of scripts, each a list of steps with semicolons between them.
    init(
        _ scripts: [String], files: Int = 1, rounds: UInt64, _ settings: [String] = [],
        onlyRead: Bool = false
    ) throws {
        try self.init(
            "format = 1", rounds: rounds,
            ["fs.files=\(files)", "fs.file-size=4MiB"] + settings
                + PrintedProgram.defaultActors
                + scripts.enumerated().flatMap {
                    ["actor.s\($0).role=script", "actor.s\($0).steps=\($1)"]
                }, onlyRead: onlyRead)
    }

    /// The config's own actors, out of the way.
    private static let defaultActors = Config().actors.map { "actor.\($0.name).count=0" }

    /// Of a config; `onlyRead` by the compiler, and not made.
    init(
        _ config: String, rounds: UInt64? = nil, _ settings: [String] = [], onlyRead: Bool = false
    ) throws {
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(config, name: "t.toml")
        for setting in settings { try resolver.set(setting) }
        text = try Reproducer(
            resolver.resolved(), promises: resolver.promises, text: config, name: "t",
            rounds: rounds
        ).program
        scratch = try Scratch("reproducer")
        try scratch.write("t.c", Array(text.utf8))
        let output = onlyRead ? ["-fsyntax-only"] : ["-O2", "-o", "t"]
        try PrintedProgram.compile(
            ["-Wall", "-Wextra", "-Werror", "-pthread", "t.c"] + output, in: scratch)
    }

    static func compile(_ arguments: [String], in scratch: Scratch) throws {
        let clang = ChildProcess.find("clang") ?? ChildProcess.find("cc") ?? "cc"
        let done = try run(
            [clang] + arguments.map { $0.hasPrefix("-") ? $0 : "\(scratch.path)/\($0)" })
        if done.exit != .exited(0) { throw CompileError(description: done.error) }
    }

    struct CompileError: Error, CustomStringConvertible { let description: String }

    private static func run(
        _ command: [String], _ variables: [String] = []
    ) throws -> ChildProcess.Finished {
        try ChildProcess.run(
            command, environment: ChildProcess.environment + variables, seconds: 120)
    }

    /// Runs it in its scratch directory, which is on no persistent memory.
    func run(anywhere: Bool = true, _ variables: [String] = []) throws -> ChildProcess.Finished {
        try PrintedProgram.run(
            ["\(scratch.path)/t"] + (anywhere ? ["-n"] : []) + [scratch.path], variables)
    }
}
