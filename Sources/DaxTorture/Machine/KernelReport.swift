/// Something that a kernel printed and a sound kernel would not have (rule R10).
package struct KernelReport: Equatable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case bug, warning, oops, panic, hungTask, stall, lockdep, sanitizer, corruption
    }

    package var kind: Kind
    /// The line that gave it away, without the kernel's timestamp.
    package var line: String
    /// Where that line is in the log, counted from 0.
    package var index: Int
    /// The line with its surroundings: the few before it, and all that belongs to the report.
    package var context: [String]
}

extension ConsoleLog {
    /// Two lines of lead: "cut here", and what the kernel was at. An x86 report with registers,
    /// code and a call trace takes some fifty lines.
    private static let before = 2
    private static let after = 60

    /// The reports in the log. What a first line draws after it (a BUG its Oops and its panic)
    /// belongs to the same report.
    package var reports: [KernelReport] {
        var reports: [KernelReport] = []
        var covered = 0
        for (index, line) in lines.enumerated() where index >= covered {
            let text = ConsoleLog.withoutPrefix(line)
            guard let kind = KernelReport.Kind(line: text) else { continue }
            let end = reportEnd(from: index)
            reports.append(
                KernelReport(
                    kind: kind, line: String(text), index: index,
                    context: Array(lines[max(0, index - ConsoleLog.before)..<end])))
            covered = end
        }
        return reports
    }

    /// The report goes on to its end marker; one that has none, as far as such reports go.
    private func reportEnd(from start: Int) -> Int {
        let limit = min(lines.count, start + ConsoleLog.after)
        for index in start..<limit where lines[index].contains("---[ end ") { return index + 1 }
        return limit
    }

    /// The text after "[   12.345678] " or "[   12.345678][  T123] ".
    static func withoutPrefix(_ line: String) -> Substring {
        var text = line[...]
        while text.hasPrefix("["), let close = text.firstIndex(of: "]") {
            let inside = text[text.index(after: text.startIndex)..<close]
            guard inside.allSatisfy({ "0123456789. CT".contains($0) }) else { break }
            text = text[text.index(after: close)...].drop { $0 == " " }
        }
        return text
    }
}

extension KernelReport.Kind {
    /// What kind of report a line without prefix opens; nil for the thousand ordinary ones.
    ///
    /// Most tests look at the beginning of the line: drivers say "warning" and "bug" in ordinary
    /// words ("DAX enabled. Warning: EXPERIMENTAL"), and a user's process that crashes is named
    /// with the same words further on ("traps: a.out[7] general protection fault").
    init?(line: Substring) {
        if line.hasPrefix("Kernel panic - not syncing") {
            self = .panic
        } else if KernelReport.Kind.isLockdep(line) {
            self = .lockdep
        } else if line.hasPrefix("BUG: KASAN:") || line.hasPrefix("BUG: KCSAN:")
            || line.hasPrefix("BUG: KFENCE:") || line.hasPrefix("BUG: KMSAN:")
            || line.hasPrefix("UBSAN: ")
        {
            self = .sanitizer
        } else if line.contains("soft lockup - CPU#") || line.contains("detected hard LOCKUP")
            || line.hasPrefix("BUG: workqueue lockup") || KernelReport.Kind.isRCUStall(line)
        {
            self = .stall
        } else if line.hasPrefix("BUG: ") || line.hasPrefix("kernel BUG at ") {
            self = .bug
        } else if line.hasPrefix("WARNING: ") {
            self = .warning
        } else if line.hasPrefix("Oops: ") || line.hasPrefix("general protection fault")
            || line.hasPrefix("list_add corruption") || line.hasPrefix("list_del corruption")
            || line.contains("PANIC: double fault") || KernelReport.Kind.isDieHeader(line)
        {
            self = .oops
        } else if line.hasPrefix("INFO: task "), line.contains(" blocked for more than ") {
            self = .hungTask
        } else if KernelReport.Kind.isFilesystemError(line) {
            self = .corruption
        } else {
            return nil
        }
    }

    private static func isLockdep(_ line: Substring) -> Bool {
        let openings = [
            "WARNING: possible ", "WARNING: inconsistent lock state", "WARNING: suspicious RCU",
            "WARNING: bad unlock balance", "WARNING: lock held when returning",
            "WARNING: held lock freed", "INFO: possible ", "INFO: trying to register non-static",
            "BUG: MAX_LOCK", "BUG: held lock freed", "BUG: Invalid wait context",
        ]
        return openings.contains { line.hasPrefix($0) }
            || line.hasPrefix("WARNING: ") && line.contains("lock order")
    }

    private static func isRCUStall(_ line: Substring) -> Bool {
        line.contains("INFO: rcu") && line.contains("detected") && line.contains("stall")
    }

    /// "invalid opcode: 0000 [#1] PREEMPT SMP": every fatal trap in the kernel counts itself.
    private static func isDieHeader(_ line: Substring) -> Bool {
        guard let mark = line.firstRange(of: "[#") else { return false }
        let number = line[mark.upperBound...].prefix { $0.isWholeNumber }
        return !number.isEmpty && line[number.endIndex...].hasPrefix("]")
    }

    /// A filesystem that finds itself broken says so in words of its own.
    private static func isFilesystemError(_ line: Substring) -> Bool {
        if line.hasPrefix("EXT4-fs error") || line.hasPrefix("JBD2: I/O error") { return true }
        guard line.hasPrefix("XFS") else { return false }
        return [
            "Assertion failed", "Internal error", "Corruption ", "corruption detected",
            "Shutting down filesystem", "has been shut down",
        ].contains { line.contains($0) }
    }
}
