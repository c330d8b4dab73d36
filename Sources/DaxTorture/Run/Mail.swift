package import DaxConfig
import DaxModel
package import DaxReport
import DaxText

/// What a report directory says of a violation, as a mail to those who maintain the filesystem: plain text
/// of 72 columns, but for what the kernel printed, operations and commands.
///
/// They know nothing of this program: its words (an actor, a quiet point, a stamp) are explained where they
/// stand, and what they need first, a fix that may be missing and how to see it, comes first.
package struct Mail {
    private let report: Report
    /// The violation that the mail is about: the first of those that say most.
    private let violation: Finding
    private let config: Config?
    private let command: [String]
    /// Of the bugs that configs know, the fixes that the kernel lacks, and which the signature fits.
    private let fixes: [KnownFix]
    private let version: String

    /// A mail about a violation that `report` lists, or else the first that is known; nil without
    /// either. `config` is that of resolved.toml, `command` what the user typed, where that is known.
    package init?(
        _ report: Report, config: Config?, command: [String], fixes: [KnownFix], version: String
    ) {
        guard
            let violation = Mail.telling(report.violations)
                ?? report.known.lazy.compactMap(\.first).first
        else { return nil }
        (self.report, self.violation, self.config, self.version) = (
            report, violation, config, version
        )
        self.command = command
        self.fixes = fixes.filter {
            $0.mayMend(
                violation.signature, on: report.kernel, reflink: config?.fs.reflink ?? true)
        }
    }

    /// Data that are wrong, with the operations that prove it, say more than a page table at rest, and that
    /// more than the taint of a kernel. What the kernel printed has a section of its own.
    private static func telling(_ violations: [Finding]) -> Finding? {
        violations.enumerated().min {
            (rank($0.element.rule), $0.offset) < (rank($1.element.rule), $1.offset)
        }?.element
    }

    private static func rank(_ rule: Rule) -> Int {
        switch rule {
        case .provenance, .future, .freshness, .goingBack, .regrowth: 0
        case .sigbus, .size, .durability, .refusal, .crash: 1
        case .bystanders, .audit, .physical: 2
        case .kernel: 3
        }
    }

    package var text: String {
        let sections = [
            "Subject: \(subject)\n", wrapped("Hello,"), wrapped(opening), warning, missing,
            happened,
            splat, calls, reproduction, often, environment, about,
        ]
        return Layout.printable(
            sections.filter { !$0.isEmpty }.joined(separator: "\n"), keepingLines: true)
    }

    // MARK: - What is wrong

    private var filesystem: String { report.fs.split(separator: "-").first.map(String.init) ?? "" }

    private var subject: String {
        "[BUG] \(filesystem) dax: \(violation.complaint) (\(report.kernel ?? "unknown kernel"))"
    }

    private var opening: String {
        "on Linux \(report.kernel ?? "(unknown)") with \(filesystem) mounted with "
            + "dax=\(report.daxMode), \(violation.meaning)."
    }

    /// A kernel that was broken on purpose is nobody's bug.
    private var warning: String {
        let notes = report.notes.filter { $0.hasPrefix("broken on purpose: ") }
        return notes.isEmpty ? "" : wrapped("DO NOT SEND: this kernel was \(notes[0]).")
    }

    private var happened: String {
        var text = heading("What happened")
        let lines = violation.story.split(separator: "\n").map(String.init)
        for (index, line) in lines.enumerated() {
            // Lines of operations are tables: those that prove it begin with a star.
            let isRow = line.hasPrefix("*") || line.hasPrefix("  ")
            text += isRow ? line + "\n" : (index > 0 ? "\n" : "") + wrapped(sentence(line))
        }
        text += "\n" + wrapped(violation.expected, "  expected: ", "            ")
        text += wrapped(violation.observed, "  observed: ", "            ")
        return text + "\n" + wrapped(words.joined(separator: " "))
    }

    private func sentence(_ line: String) -> String {
        let isOver = line.hasSuffix(".") || line.hasSuffix(":")
        return line.prefix(1).uppercased() + line.dropFirst() + (isOver ? "" : ".")
    }

    /// What the story's words mean, of those that are in it.
    private var words: [String] {
        let all = violation.story + violation.observed + violation.expected
        var words: [String] = []
        if let name = config?.actors.first(where: { all.contains($0.name + " ") })?.name {
            words.append("\"\(name) 1\" and the like are threads.")
        }
        if all.contains("stamp") {
            words.append(
                "A stamp is eight bytes that are written once and say who wrote them, and where.")
        }
        if all.contains("quiet point") {
            words.append(
                "At a quiet point no thread does anything: the harness reads all data by each way, and "
                    + "compares them.")
        }
        if violation.story.contains("\n* ") {
            words.append("Times are in us; the operations with a star prove it.")
        }
        return words
    }

    /// What the kernel printed, of this violation or another.
    private var splat: String {
        let printed = ([violation] + report.violations).first {
            $0.rule == .kernel && $0.expected == "a silent kernel"
        }
        guard let printed else { return "" }
        return heading("The kernel's log") + printed.operations.map { $0 + "\n" }.joined()
    }

    private var often: String {
        var text = heading("How often")
        if let rounds = report.rounds {
            text += wrapped(
                "In \(rounds.violated) of \(rounds.done) rounds, each on files made anew.")
        } else {
            let length = config.map { " of \($0.run.epoch)" } ?? ""
            let first = report.timeToFirstViolation.map { ", first after \(Figures.seconds($0))" }
            text += wrapped(
                "In \(report.checks.violatedEpochs) of \(report.checks.epochs) stretches\(length), after each "
                    + "of which all data were checked\(first ?? "").")
        }
        if report.violationsTotal > 1 {
            text += "\n" + wrapped(report.tally + (report.signatures.isEmpty ? "." : ":"))
        }
        for one in report.signatures where report.violationsTotal > 1 {
            text += wrapped(one.signature, "  \(one.count.grouped) x  ", "       ")
        }
        if let differential = report.differential {
            text += wrapped("The same run without DAX: \(differential.conclusion).")
        }
        return text
    }

    private var missing: String {
        fixes.map {
            wrapped(
                "You may be missing \"\($0.title)\" (\($0.place)): the signature fits, and the kernel is "
                    + "older.")
        }.joined(separator: "\n")
    }

    // MARK: - How to see it

    /// The calls, where scripts alone make them.
    private var calls: String {
        guard let config, let scripts else { return "" }
        var text = heading("The calls")
        text += wrapped(
            "Again and again, on \(Figures.count(config.fs.files, "file")) (f0, f1, ...) of "
                + "\(config.fs.fileSize)"
                + (scripts.count > 1 ? ", one thread for each list" : "")
                + "; what follows a file's name are offset and length, of a truncate the new size:")
        for script in scripts {
            text += "\n" + script.steps.map { "  \($0)\n" }.joined()
        }
        return text
    }

    private var scripts: [ActorConfig]? {
        guard let config else { return nil }
        let actors = config.actors.filter { $0.count > 0 }
        return !actors.isEmpty && actors.allSatisfy { !$0.steps.isEmpty } ? actors : nil
    }

    private var environment: String {
        var rows: [(String, String)] = [("kernel", report.kernel ?? "unknown")]
        if let volume = report.volume {
            rows += [("mkfs", volume.mkfs), ("", volume.tool), ("mount", volume.mount)]
        } else {
            rows.append(("mount", "\(filesystem), there before, dax=\(report.daxMode)"))
        }
        if let machine = report.machine {
            rows += [
                (
                    "machine",
                    "QEMU \(machine.qemuVersion), \(machine.acceleration), \(machine.cpus) CPUs, "
                        + "\(machine.memory) memory"
                ),
                (
                    "pmem",
                    "\(machine.pmem), "
                        + (machine.device == "nvdimm" ? "a DIMM of QEMU's" : "by memmap=")
                ), ("cmdline", machine.commandLine),
            ]
        } else {
            rows.append(("machine", "this one, no virtual machine"))
        }
        rows.append(("tool", "daxtorture \(version)"))
        return heading("Where")
            + rows.filter { !$0.1.isEmpty }.map {
                wrapped($0.1, "  \(Layout.padded($0.0, to: 9))", "           ")
            }.joined()
    }

    private var reproduction: String {
        var text = heading("To see it again")
        if scripts != nil {
            text += wrapped("The calls as a C program that needs nothing but libc:")
            text += "\n  daxtorture reproducer resolved.toml > reproducer.c\n\n"
        }
        if !command.isEmpty {
            text += "It was found by\n\n  " + command.map(quoted).joined(separator: " ") + "\n\n"
        }
        text += wrapped(
            "The attached resolved.toml holds the seed (\(report.seed)) and all settings, so that this runs "
                + "the same:")
        text += "\n  daxtorture --config resolved.toml --report r\n"
        if scripts == nil, let config {
            let actors = config.actors.filter { $0.count > 0 }.map { "\($0.count) \($0.role)" }
            text += "\n" + wrapped("It runs \(actors.joined(separator: ", ")) at once.")
        }
        return text
    }

    private var about: String {
        wrapped(
            "Found by daxtorture, which stores, faults, truncates, punches and does I/O on DAX files at "
                + "once, and compares every word read with all legal orders of the operations. Attached: "
                + "resolved.toml, console.log.")
    }

    // MARK: - Lines

    private func heading(_ text: String) -> String {
        text + "\n" + String(repeating: "-", count: text.count) + "\n"
    }

    private func wrapped(_ text: String, _ first: String = "", _ rest: String = "") -> String {
        Layout.wrapped(text, first: first, rest: rest, width: 72)
    }

    private func quoted(_ word: String) -> String {
        let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:+@%".contains($0) }
        return isPlain && !word.isEmpty
            ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
