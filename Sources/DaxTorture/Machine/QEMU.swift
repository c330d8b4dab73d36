internal import DaxHost
internal import DaxSystem

/// A QEMU on this host: where it is, how it is called, and what it can do.
package struct QEMU: Equatable, Sendable {
    /// A release of QEMU, compared by its numbers.
    package struct Version: Comparable, Sendable, CustomStringConvertible {
        package var major: Int
        package var minor: Int

        package init(_ major: Int, _ minor: Int) {
            self.major = major
            self.minor = minor
        }

        /// Finds the numbers in "QEMU emulator version 10.0.2 (Debian ...)".
        init?(inBanner text: String) {
            let words = text.split { $0 == " " || $0 == "\n" }
            guard let at = words.firstIndex(of: "version"), at + 1 < words.count else { return nil }
            let numbers = words[at + 1].split(separator: ".").prefix(2).compactMap { Int($0) }
            guard numbers.count == 2 else { return nil }
            self.init(numbers[0], numbers[1])
        }

        package static func < (a: Version, b: Version) -> Bool {
            (a.major, a.minor) < (b.major, b.minor)
        }

        package var description: String { "\(major).\(minor)" }
    }

    /// The oldest that will do. Debian 12's 7.2 corrupts the flags of an emulated cmpxchg16b that
    /// faults, so that newer kernels die at random, and the instruction cannot be taken away, since
    /// Swift's runtime uses it unasked; and with instruction counting it hangs while the second CPU
    /// comes up. 10.0 does neither.
    package static let oldest = Version(10, 0)

    package var path: String
    package var version: Version
    /// Where it finds firmware, as arguments.
    var dataArguments: [String]
    /// What it runs with, as "NAME=value" each.
    var environment: [String]
    /// The CPU features it knows by name.
    var features: Set<String>
}

extension QEMU {
    /// The QEMU to use: the one named, else the one unpacked in the cache, else the one in PATH.
    package static func find(explicit: String? = nil, cache: String) throws(MachineError) -> QEMU {
        if let explicit {
            // One here needs no slash.
            let isHere = !explicit.contains("/") && Files.kind(explicit) == .regular
            guard let path = ChildProcess.find(isHere ? "./\(explicit)" : explicit) else {
                guard Files.exists(explicit) else { throw .noQEMU(looked: [explicit]) }
                throw .failed(program: explicit, reason: "it is no program that may be executed")
            }
            return try QEMU(path: path, root: unpackedRoot(of: path))
        }
        let root = "\(cache)/qemu"
        if let path = ChildProcess.find("\(root)/usr/bin/qemu-system-x86_64") {
            return try QEMU(path: path, root: root)
        }
        guard let path = ChildProcess.find("qemu-system-x86_64") else {
            throw .noQEMU(looked: ["\(root)/usr/bin", "PATH"])
        }
        return try QEMU(path: path, root: nil)
    }

    /// Where the packages of a QEMU lie that was named by its path and is not installed: what they hold
    /// beside the program is found there, as it is where the cache is looked through. nil where there is
    /// no firmware of its own.
    private static func unpackedRoot(of path: String) -> String? {
        let place = "/usr/bin/qemu-system-x86_64"
        guard path.hasSuffix(place), path != place else { return nil }
        let root = String(path.dropLast(place.count))
        return Files.kind("\(root)/usr/share/qemu") == .directory ? root : nil
    }

    /// `root`: where its packages were unpacked, if they are not installed.
    private init(path: String, root: String?) throws(MachineError) {
        self.init(
            path: path, version: Version(0, 0), dataArguments: [],
            environment: ["PATH=/usr/bin:/bin"], features: [])
        if let root {
            dataArguments = ["-L", "\(root)/usr/share/qemu", "-L", "\(root)/usr/share/seabios"]
            let places = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"]
            environment.append(
                "LD_LIBRARY_PATH=" + places.map { "\(root)/\($0)" }.joined(separator: ":"))
        }
        let banner = try ask(["--version"])
        guard let version = Version(inBanner: banner) else {
            throw .failed(program: path, reason: "it does not say its version")
        }
        guard version >= QEMU.oldest else {
            throw .oldQEMU(
                path: path, version: "\(version)",
                needed: "\(QEMU.oldest) or newer is needed; daxtorture fetch brings one")
        }
        self.version = version
        features = QEMU.features(inHelp: try ask(dataArguments + ["-cpu", "help"]))
    }

    /// How long it may take to say what it is, in seconds.
    private static let deadline: Int32 = 30

    /// How much it may say of it, in bytes; the help on CPUs takes 20,000.
    static let longestAnswer = 1 << 20

    private func ask(_ arguments: [String]) throws(MachineError) -> String {
        let run = try onHost { () throws(SystemError) in
            try ChildProcess.run(
                [path] + arguments, environment: environment, guarded: true,
                seconds: QEMU.deadline, most: QEMU.longestAnswer)
        }
        if run.exit == nil {
            if Interrupts.seen > 0 { throw .interrupted }
            let asked = arguments.last ?? ""
            if run.isCutShort {
                throw .failed(
                    program: path,
                    reason: "its answer to \(asked) has more than 1 MiB: it is no QEMU")
            }
            throw .failed(program: path, reason: "no answer to \(asked) in \(QEMU.deadline) s")
        }
        guard run.exit == .exited(0) else {
            let reason = run.error.split(separator: "\n").last.map(String.init)
            throw .failed(program: path, reason: reason ?? "\(arguments.last ?? "") fails")
        }
        return String(decoding: run.output, as: UTF8.self)
    }

    /// The names after "Recognized CPUID flags:".
    static func features(inHelp text: String) -> Set<String> {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        lines = lines.drop { !$0.hasPrefix("Recognized CPUID flags") }.dropFirst()
        return Set(lines.flatMap { $0.split(separator: " ").map(String.init) })
    }

    /// The `-cpu` argument for emulation, and what it takes away from the CPU, each for a reason:
    ///
    /// - erms, fsrm, fzrm, fsrs, fsrc: with them the kernel copies and clears by `rep movsb` and
    ///   `rep stosb`, which TCG carries out byte by byte, so that a reader could see a torn word.
    ///   Without them it uses `rep movsq`, `rep stosq` or 8-byte moves, whose aligned words are
    ///   atomic, as they are on real CPUs.
    /// - rdrand, rdseed (deterministic machine only): randomness from the host.
    func emulatedCPU(deterministic: Bool) -> String {
        var masked = ["erms", "fsrm", "fzrm", "fsrs", "fsrc"]
        if deterministic { masked += ["rdrand", "rdseed"] }
        return (["max"] + masked.filter(features.contains).map { "-\($0)" }).joined(separator: ",")
    }
}
