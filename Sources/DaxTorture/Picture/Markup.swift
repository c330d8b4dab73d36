import DaxText

/// A piece of HTML or SVG, well-formed as XML, too: nothing of what a report holds can become markup.
///
/// Names of elements and attributes are literals of the program; text and values are escaped where they
/// are put in, and nowhere else is there a way in.
package struct Markup: Hashable, Sendable {
    package private(set) var text = ""

    /// Nothing.
    package init() {}

    /// Text, with what markup or a terminal would obey shown as what it is.
    package init(text: String) { self.text = Markup.escaped(text) }

    /// Pieces one behind the other.
    package init(_ pieces: [Markup]) { text = pieces.map(\.text).joined() }

    /// An element with what is in it.
    package init(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, any AttributeValue> = [:],
        _ content: [Markup] = []
    ) {
        text = "<\(name)"
        for (name, value) in attributes { text += " \(name)=\"\(Markup.escaped(value.text))\"" }
        // HTML asks that these have no end, and that all others have one.
        let isVoid = ["meta", "br", "hr"].contains("\(name)")
        text += isVoid ? "/>" : ">" + content.map(\.text).joined() + "</\(name)>"
    }

    /// An element with text in it.
    package init(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, any AttributeValue> = [:],
        _ content: String
    ) {
        self.init(name, attributes, [Markup(text: content)])
    }

    /// The program's own style, as it is: browsers take no escapes in it, so that it may hold nothing
    /// that would have to be one.
    package init(style: StaticString) {
        text = "<style>\n\(style)</style>\n"
        precondition(!"\(style)".contains { "<&".contains($0) }, "style that is no XML")
    }

    package static func + (a: Markup, b: Markup) -> Markup { Markup([a, b]) }
    package static func += (a: inout Markup, b: Markup) { a.text += b.text }

    /// XML has no way to write most control characters, nor the two that are none.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in Layout.printable(text, keepingLines: true).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\u{fffe}", "\u{ffff}": result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

/// What an attribute can be given.
package protocol AttributeValue {
    var text: String { get }
}

extension String: AttributeValue {
    package var text: String { self }
}

extension Int: AttributeValue {
    package var text: String { "\(self)" }
}

/// Of a drawing: to a tenth, which is finer than any screen.
extension Double: AttributeValue {
    package var text: String {
        let tenths = Int((self * 10).rounded())
        let fraction = abs(tenths % 10)
        return (tenths < 0 ? "-" : "") + "\(abs(tenths / 10))"
            + (fraction == 0 ? "" : ".\(fraction)")
    }
}
