package import DaxHost
import DaxMachine
import DaxSystem

/// What came of a program's run.
package struct ProgramEnd: Sendable {
    /// How it ended and after how long: "exit status 0 after 1.3 s".
    package var program: String
    /// What the kernel printed and a sound one would not have (rule R10), and any new taint.
    package var complaints: [String]
    /// What e2fsck or xfs_repair found, empty if nothing; nil if it could not be asked.
    package var check: String?
    /// The signals that came before the end; nil if none did.
    package var interrupt: Interrupt?

    /// Whether the program ended with status 0, the kernel was silent, and the filesystem is sound.
    package var isSound: Bool {
        program.hasPrefix("exit status 0 ") && complaints.isEmpty && check == ""
    }

    /// `clean` if it is sound, `violation` if not; `untested` where that is only since it was
    /// interrupted. One press of Ctrl-C leaves what is sound by then; another signal does not.
    package var exitStatus: ExitStatus {
        let isInnocent = complaints.isEmpty && (check ?? "").isEmpty
        if let interrupt, isInnocent {
            if !interrupt.isOneCtrlC { return .untested }
            if program.hasPrefix(ProgramEnd.stopped) { return .untested }
        }
        return isSound ? .clean : .violation
    }

    /// What `directory` says of an exec that left it; nil where it says nothing of how one ended.
    package init?(reportIn directory: String) {
        func text(_ file: String) -> String? {
            (try? Files.inputText("\(directory)/\(file)", limit: 1 << 30))
        }
        guard let program = text(GuestProgram.endFile) else { return nil }
        let console = try? Files.input("\(directory)/console.log", limit: 1 << 30)
        self.init(
            program: program, complaints: console.map { ConsoleLog($0).reports.map(\.line) } ?? [],
            check: text(GuestProgram.checkFile))
        if let taint = text(GuestProgram.taintFile) { complaints.append(taint) }
    }

    init(program: String, complaints: [String], check: String?, interrupt: Interrupt? = nil) {
        (self.program, self.complaints) = (program, complaints)
        (self.check, self.interrupt) = (check, interrupt)
    }

    /// How `program` begins where it was ended from outside.
    static let stopped = "stopped"

    /// All of it in one line: what a script reads.
    package var line: String {
        let kernel = complaints.first.map { "\($0) (\(complaints.count))" } ?? "silent"
        let filesystem = check.map { $0.isEmpty ? "sound" : "damaged" } ?? "unchecked"
        let cut = interrupt == nil ? "" : ", interrupted"
        return "program: \(program)\(cut); kernel: \(kernel); filesystem: \(filesystem)"
    }
}
