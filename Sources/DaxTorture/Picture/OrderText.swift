import DaxReport
import DaxText

extension EpisodeOrder {
    /// Where, as people say it: `at 0x3000, 64 bytes`.
    var place: String {
        switch Reach(of: self) {
        case .range: "at \(offset.hex), \(Figures.count(length, "byte"))"
        case .onward where kind == "truncate": "to \(offset.hex) bytes"
        case .onward: "at \(offset.hex), \(Figures.count(length, "byte"))"
        case .whole: "the file"
        case .nothing: ""
        }
    }

    var isFailure: Bool { outcome != "done" }

    /// A signal's name, not an errno's.
    var isSignal: Bool { outcome.hasPrefix("SIG") }

    /// What an access faulted in, and how it ended, where there is something to say.
    var marks: [String] {
        (faulted == "none" ? [] : ["\(faulted.uppercased()) fault"]) + (isFailure ? [outcome] : [])
    }

    /// Of a bar, what a pointer that rests on it is told.
    func told(by actor: String, of file: String?) -> String {
        let what = "\(actor): \(kind) \(place)" + (file.map { " of \($0)" } ?? "")
        let times = "[\(invoked.microseconds), \(returned.microseconds)] us"
        return ([what, times] + marks).joined(separator: ", ")
    }
}

extension UInt64 {
    /// An offset or a size, as stories print it.
    var hex: String { self == 0 ? "0" : "0x" + String(self, radix: 16) }

    /// Nanoseconds, as stories print them: `1234.567`.
    var microseconds: String {
        let fraction = String(self % 1000)
        return "\(self / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
