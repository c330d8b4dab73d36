internal import DaxModel
internal import DaxText

extension Report {
    /// The report as a page of plain text: the verdict, what ran, the figures, then every
    /// violation with its story. It fits 80 columns unless a name in it does not.
    package func summary() -> String {
        var text = verdictLine + "\n\n"
        text += facts()
        text += section(["operation", "count", "p50", "p90", "p99", "max"], operationRows())
        if !coverage.isEmpty { text += "\n" + coverageTable }
        text += list(verdict == .untested ? "Untested because" : "Not exercised", vacuity)
        text += list("Notes", notes)
        text += list("The same run without DAX", differential.map { [$0.told] } ?? [])
        text += list("Known issues", knownLines)
        text += violationSections
        // The guest's kernel may be broken, and so may be what it says.
        return Layout.printable(text, keepingLines: true)
    }

    private func facts() -> String {
        var rows: [(String, String)] = [
            ("filesystem", fs), ("kernel", kernel ?? "none came up"), ("seed", seed.description),
            ("duration", Figures.seconds(duration)),
            (
                "DAX",
                dax.mapSync.map {
                    "\(daxWord): statx on \(dax.statx), MAP_SYNC on \($0) of \(dax.files) files"
                }
                    ?? "\(daxWord): statx on \(dax.statx) of \(dax.files) files, which know no MAP_SYNC"
            ),
            ("machine", machine?.line ?? (kernel == nil ? "none came up" : "this one")),
            ("actors", actors.map { "\($0.count) \($0.role)" }.joined(separator: ", ")),
            (
                "faults",
                "\(faults.pte.grouped) PTE, \(faults.pmd.grouped) PMD, "
                    + "\(faults.fellBack.grouped) from PMD to PTE"
            ),
            ("SIGBUS", "\(sigbus.taken.grouped) taken, \(sigbus.missing.grouped) missing"),
            ("", "= \(sigbus.balance)"),
            (
                "checked",
                "\(checks.words.grouped) words, \(checks.bytes.grouped) bytes"
            ),
        ]
        if let overlaps = processes.overlaps {
            rows.append(
                (
                    "processes",
                    "\(processes.actors.count), \(overlaps.grouped) overlaps between them"
                ))
        }
        for (label, words) in [("in races", decided.racing), ("by audits", decided.audits)] {
            rows.append(("  " + label, "\(words.exact.grouped) exactly of \(words.words.grouped)"))
        }
        if decided.sizes.searched + decided.sizes.undecided > 0 {
            rows.append(
                (
                    "  sizes",
                    "\(decided.sizes.searched.grouped) searched, "
                        + "\(decided.sizes.undecided.grouped) undecided"
                ))
        }
        for sort in PowerFacts.Sort.allCases where power[sort].tried > 0 {
            rows.append(
                (
                    rows.contains { $0.0 == "power" } ? "" : "power",
                    "\(power[sort].refused.grouped) of \(power[sort].tried.grouped) refused: "
                        + sort.rawValue.split(separator: "_").joined(separator: " ")
                ))
        }
        if let space {
            rows.append(
                (
                    "free space",
                    "\(space.baseline.grouped) bytes before, \(space.after.grouped) after"
                ))
        }
        if let crash {
            rows.append(
                (
                    "power cuts",
                    "\(crash.cuts.grouped) (\(crash.model)), \(crash.checked.grouped) recovered and read, "
                        + "\(crash.words.grouped) words"
                ))
        }
        if memory.budget > 0 {
            rows.append(
                (
                    "memory",
                    "\(memory.logs.grouped) bytes of logs, \(memory.judgePeak.grouped) to judge, "
                        + "of \(memory.budget.grouped)"
                ))
        }
        if let clock {
            rows.append(
                (
                    "clock",
                    "\(clock.source), counters at most \(clock.before.grouped) ns apart, "
                        + "slack \(clock.slack.grouped) ns"
                ))
        }
        if let differential { rows.append(("without DAX", differential.conclusion)) }
        if let seconds = timeToFirstViolation {
            rows.append(("first violation", "after \(Figures.seconds(seconds))"))
        }
        return rows.map { "  \(Layout.padded($0.0, to: 17))\($0.1)\n" }.joined()
    }

    private var daxWord: String {
        switch daxMode {
        case "never": "none, as asked for"
        case "inode": dax.isComplete ? "proven, by inode flag" : "not proven"
        default: dax.isComplete ? "proven" : "not proven"
        }
    }

    private func operationRows() -> [[String]] {
        operations.sorted { $0.key < $1.key }.map { kind, count in
            let times = latency[kind].map { [$0.p50, $0.p90, $0.p99, $0.max].map(Figures.time) }
            return [kind, count.grouped] + (times ?? ["-", "-", "-", "-"])
        }
    }

    private func section(_ header: [String], _ rows: [[String]]) -> String {
        rows.isEmpty ? "" : "\n" + Layout.table(header, rows)
    }

    private func list(_ title: String, _ lines: [String]) -> String {
        if lines.isEmpty { return "" }
        return "\n\(title)\n"
            + lines.map { Layout.wrapped($0, first: "  - ", rest: "    ") }.joined()
    }
}

extension SigbusCounts {
    /// What must be as much as was taken.
    fileprivate var balance: String {
        "\(justified.grouped) justified + \(poisoned.grouped) poisoned + "
            + "\(noSpace.grouped) no space + \(unjustified.grouped) unjustified"
    }
}

extension MachineFacts {
    fileprivate var line: String {
        "QEMU \(qemuVersion), \(acceleration), \(cpus) CPU\(cpus == 1 ? "" : "s"), "
            + "\(memory) memory, \(pmem) pmem" + (device == "nvdimm" ? " in an NVDIMM" : "")
            + (map == "dev" ? " with its struct pages" : "")
    }
}

extension Report {
    /// The first violation of each signature, and of the others how many there are.
    private var violationSections: String {
        if violationsTotal == 0 { return "" }
        var text = signatures.isEmpty ? "" : "\n\(tally)\n"
        let counts = signatures.map(\.count.grouped)
        let width = counts.map(\.count).max() ?? 0
        for (one, count) in zip(signatures, counts) {
            let blank = String(repeating: " ", count: width - count.count)
            text += Layout.wrapped(
                one.signature, first: "  \(blank)\(count)  ", rest: Layout.padded("", to: width + 4)
            )
        }
        let resembled = resembled.joined(separator: " or ")
        if !resembled.isEmpty {
            text += Layout.wrapped(
                "looks like the mutants of class \(resembled) (a hint, see docs/prove.md)",
                first: "  ", rest: "  ")
        }
        var told: UInt64 = 0
        for (index, violation) in violations.enumerated() {
            let isFirst = signatures.contains { $0.first == UInt64(index) }
            guard isFirst || signatures.isEmpty else { continue }
            told += 1
            text += violation.section(number: index + 1, of: violationsTotal)
        }
        let rest = violationsTotal - told
        if rest > 0 {
            text +=
                "\n\(Figures.count(rest, "more violation")) \(rest == 1 ? "is" : "are") not told.\n"
        }
        return text
    }
}

extension Finding {
    /// The heading says where, the story what, then both sides, then who was there.
    fileprivate func section(number: Int, of total: UInt64) -> String {
        var text = "\nViolation \(number) of \(total.grouped): \(rule.name)"
        text += place.map { ", \($0)\n\n" } ?? "\n\n"
        for paragraph in story.split(separator: "\n") {
            text += Layout.wrapped(String(paragraph), first: "  ", rest: "  ")
        }
        text += "\n" + Layout.wrapped(expected, first: "  expected  ", rest: "            ")
        text += Layout.wrapped(observed, first: "  observed  ", rest: "            ")
        if !operations.isEmpty {
            text += "\n  operations\n" + operations.map { "    \(Layout.oneLine($0))\n" }.joined()
        }
        return text
    }
}
