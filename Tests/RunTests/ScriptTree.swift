import DaxHost
import DaxSystem
import TestSupport

/// A copy of the scripts of ci/, whose neighbours are stand-ins.
struct ScriptTree {
    let scratch: Scratch
    var path: String { "\(scratch.path)/tree" }

    init(_ name: String) throws {
        scratch = try Scratch("\(name)\(Clock.ticks())")
        for name in ["daxtorture", "fetch-kernel", "lib.sh"] {
            try scratch.write("tree/ci/\(name)", Files.read("\(Host.repository)/ci/\(name)"))
        }
        for name in ["install", "fetch-qemu"] { try script("tree/ci/\(name)", "exit 0") }
        try scratch.write("tree/Package.swift", [])
        try scratch.write("tree/Sources/a.swift", [])
        try script("tree/.build/release/daxtorture", "echo \"$0 $*\"; exit ${STATUS:-0}")
        try scratch.write("tree/.build/release-built", [])
        try run(["chmod", "755", "\(path)/ci/daxtorture", "\(path)/ci/fetch-kernel"])
    }

    /// Makes `name`, below the scratch directory, a script.
    func script(_ name: String, _ text: String) throws {
        try scratch.write(name, Array("#!/bin/sh\n\(text)\n".utf8))
        try run(["chmod", "755", "\(scratch.path)/\(name)"])
    }

    @discardableResult
    func run(_ command: [String], _ variables: [String] = []) throws -> ChildProcess.Finished {
        try ChildProcess.run(
            ["/usr/bin/env"] + command,
            environment: variables
                + (variables.contains { $0.hasPrefix("PATH=") } ? [] : [searchPath]),
            seconds: 60)
    }

    /// Without any swift, and with stand-ins before everything else.
    var searchPath: String { "PATH=\(scratch.path)/bin:/usr/bin:/bin:/usr/sbin:/sbin" }

    func said(_ run: ChildProcess.Finished) -> String {
        String(decoding: run.output, as: UTF8.self)
    }
}
