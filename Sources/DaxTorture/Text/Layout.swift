/// Plain text laid out for a terminal of 80 columns.
package enum Layout {
    /// Rows under a header, two spaces in, every line ended; empty when there are no rows.
    ///
    /// Columns named in `left` begin where their header begins, the others end where it ends.
    package static func table(
        _ header: [String], _ rows: [[String]], left: Set<Int> = [0]
    ) -> String {
        if rows.isEmpty { return "" }
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max()! }
        return all.map { row in
            var line = "  "
            for (column, cell) in row.enumerated() {
                let blank = String(repeating: " ", count: widths[column] - cell.count)
                if column > 0 { line += "   " }
                line += left.contains(column) ? cell + blank : blank + cell
            }
            return trimmed(line) + "\n"
        }.joined()
    }

    /// `text` with blanks after it up to `width`.
    package static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// `text` in lines of at most `width` columns, each behind its indent; a longer word stays
    /// whole.
    package static func wrapped(
        _ text: String, first: String, rest: String, width: Int = 80
    ) -> String {
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !isEmpty && line.count + 1 + word.count > width {
                lines.append(line)
                line = rest
                isEmpty = true
            }
            line += isEmpty ? "\(word)" : " \(word)"
            isEmpty = false
        }
        lines.append(line)
        return lines.map { trimmed($0) + "\n" }.joined()
    }

    /// `text` with every run of blanks and line ends made one space, and all of it printable.
    package static func oneLine(_ text: String) -> String {
        printable(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }

    /// `text` with what a terminal would obey rather than show written as an escape: control
    /// characters (`\x1b`), and those that turn the direction of writing or are not seen (`\u{202e}`).
    /// Line ends and tabs stay where lines are to be kept.
    package static func printable(_ text: String, keepingLines: Bool = false) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where keepingLines && (scalar == "\n" || scalar == "\t"):
                shown.unicodeScalars.append(scalar)
            case .control, .format, .lineSeparator, .paragraphSeparator:
                let digits = String(scalar.value, radix: 16)
                shown +=
                    scalar.value > 0xff
                    ? "\\u{\(digits)}" : "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// `text` as it is, if it has `length` characters at most; else its first words, and "..." for
    /// the rest.
    package static func shortened(_ text: String, to length: Int) -> String {
        if text.count <= length { return text }
        let cut = text.prefix(max(0, length - 3))
        let isWithinWord = text[cut.endIndex...].first != " "
        let end = isWithinWord ? cut.lastIndex(of: " ") ?? cut.endIndex : cut.endIndex
        return trimmed(String(cut[..<end])) + "..."
    }

    private static func trimmed(_ line: String) -> String {
        guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
        return String(line[...last])
    }
}
