/// Something in a config that cannot be run: one line that says where, which key, and why.
package struct ConfigError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `configs/punch.toml:7`, `--set run.epoch=0s` or `--fs`; nil for what nobody wrote.
    package var place: String?
    /// `run.duration`; nil when the trouble is with the text as a whole.
    package var key: String?
    package var message: String

    package init(place: String?, key: String?, message: String) {
        self.place = place
        self.key = key
        self.message = message
    }

    package var description: String {
        visible([place, key, message].compactMap { $0 }.joined(separator: ": "))
    }
}

/// `text` with its control characters as TOML escapes: what an input holds must neither break a
/// message's line nor command the terminal.
func visible(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}":
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// `text` as a TOML basic string.
func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map {
        $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0)
    }
    return "\"" + visible(escaped.joined()) + "\""
}

/// `text` in quotes for a message, cut where it is too long for one.
func named(_ text: String) -> String {
    let start = String(text.unicodeScalars.prefix(100))
    return quoted(start == text ? text : start + "...")
}

/// Why one value does not fit its key.
struct Misfit: Error {
    var message: String
}
