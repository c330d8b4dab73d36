internal import DaxUnits

extension Report {
    /// The report as a page of plain text: the verdict, what ran, the figures, then every
    /// violation with its story. It fits 80 columns unless a name in it does not.
    public func summary() -> String {
        var text = verdictLine + "\n\n"
        text += facts()
        text += table(operationRows(), header: ["operation", "count", "p50", "p90", "p99", "max"])
        text += table(
            overlaps.sorted { $0.key < $1.key }.map { [$0.key, grouped($0.value)] },
            header: ["overlap", "count"])
        text += list("Not exercised", vacuity)
        text += list("Notes", notes)
        for (index, violation) in violations.enumerated() {
            text += violation.section(number: index + 1, of: violationsTotal)
        }
        let unlisted = Int(clamping: violationsTotal) - violations.count
        if unlisted > 0 { text += "\n\(grouped(UInt64(unlisted))) more violations are not listed.\n" }
        return text
    }

    private func facts() -> String {
        var rows: [(String, String)] = [
            ("filesystem", fs), ("kernel", kernel ?? "none came up"), ("seed", seed.description),
            ("duration", inSeconds(duration)),
            (
                "DAX",
                "\(dax.isComplete ? "proven" : "not proven"): statx on \(dax.statx), MAP_SYNC on "
                    + "\(dax.mapSync) of \(dax.files) files"
            ),
            ("machine", machine?.line ?? "this one"),
            ("actors", actors.map { "\($0.count) \($0.role)" }.joined(separator: ", ")),
            ("faults", "\(grouped(faults.pte)) PTE, \(grouped(faults.pmd)) PMD"),
            (
                "SIGBUS",
                "\(grouped(sigbus.justified)) justified, \(grouped(sigbus.unjustified)) "
                    + "unjustified, \(grouped(sigbus.missing)) missing"
            ),
            ("checked", "\(grouped(checks.words)) words, \(grouped(checks.bytes)) bytes"),
        ]
        if let seconds = timeToFirstViolation {
            rows.append(("first violation", "after \(inSeconds(seconds))"))
        }
        return rows.map { "  \(padded($0.0, 17))\($0.1)\n" }.joined()
    }

    private func operationRows() -> [[String]] {
        operations.sorted { $0.key < $1.key }.map { kind, count in
            let times = latency[kind].map { [$0.p50, $0.p90, $0.p99, $0.max].map(shortTime) }
            return [kind, grouped(count)] + (times ?? ["-", "-", "-", "-"])
        }
    }

    private func list(_ title: String, _ lines: [String]) -> String {
        if lines.isEmpty { return "" }
        return "\n\(title)\n" + lines.map { wrapped($0, first: "  - ", rest: "    ") }.joined()
    }
}

extension MachineFacts {
    fileprivate var line: String {
        "QEMU \(qemuVersion), \(acceleration), \(cpus) CPU\(cpus == 1 ? "" : "s"), "
            + "\(memory) memory, \(pmem) pmem"
    }
}

extension Violation {
    /// The heading says where, the story what, then both sides, then who was there.
    fileprivate func section(number: Int, of total: UInt64) -> String {
        var text = "\nViolation \(number) of \(grouped(total)): \(rule)"
        text += place.map { ", \($0)\n\n" } ?? "\n\n"
        for paragraph in story.split(separator: "\n") {
            text += wrapped(String(paragraph), first: "  ", rest: "  ")
        }
        text += "\n" + wrapped(expected, first: "  expected  ", rest: "            ")
        text += wrapped(observed, first: "  observed  ", rest: "            ")
        if !operations.isEmpty {
            text += "\n  operations\n" + operations.map { "    \(oneLine($0))\n" }.joined()
        }
        return text
    }
}

/// Rows under a header, the first column to the left, the others to the right; nothing for none.
private func table(_ rows: [[String]], header: [String]) -> String {
    if rows.isEmpty { return "" }
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max()! }
    return "\n" + all.map { row in
        let cells = row.enumerated().map { column, cell in
            column == 0
                ? padded(cell, widths[0])
                : String(repeating: " ", count: widths[column] - cell.count) + cell
        }
        return "  \(cells.joined(separator: "   "))\n"
    }.joined()
}

private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}

/// `text` in lines of at most 80 columns, each behind its indent; longer words stay whole.
private func wrapped(_ text: String, first: String, rest: String) -> String {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in text.split(whereSeparator: \.isWhitespace) {
        if !isEmpty && line.count + 1 + word.count > 80 {
            lines.append(line)
            line = rest
            isEmpty = true
        }
        line += isEmpty ? "\(word)" : " \(word)"
        isEmpty = false
    }
    lines.append(line)
    return lines.map { $0 + "\n" }.joined()
}
