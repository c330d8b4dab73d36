/// What two violations of one cause have in common, as far as it can be told: the rule, what was seen, by
/// whom, the kinds of operation that prove it, and where they lie. Offsets, times, values and names are
/// left out.
///
/// Its text is what a user gives to `--signature` and what files of known issues name:
/// `R3 | zero | load | punch | part of the page`.
package struct Signature: Hashable, Sendable {
    package var rule: Rule
    /// What was seen in place of what had to be: `zero`, `an old stamp`, `SIGBUS`, or the sentence of a
    /// check without its numbers; of what the kernel printed the kind and the function.
    package var seen: String
    /// The kind of operation that saw it; empty where the harness did, at a quiet point.
    package var observer: String
    /// The kinds of the other operations that prove it, each once, in the order of the alphabet.
    package var others: [String]
    /// How the ranges lie to each other: whether what was zeroed is a part of the page or all of it, or
    /// where a stamp comes from; empty where that says nothing.
    package var relation: String
    /// What the access that saw it faulted in; empty where it was nothing, or may have been for another
    /// page.
    package var fault: String

    package init(
        rule: Rule, seen: String, observer: String = "", others: [String] = [],
        relation: String = "", fault: String = ""
    ) {
        self.rule = rule
        self.seen = Signature.withoutNumbers(seen)
        self.observer = observer
        self.others = Set(others).sorted()
        self.relation = relation
        self.fault = fault
    }

    /// One line; parts that are empty are left out at the end alone, so that each stays at its place.
    package var text: String {
        var parts = [
            rule.description, seen, observer, others.joined(separator: ", "), relation, fault,
        ]
        while parts.last == "" { parts.removeLast() }
        return parts.map(Signature.withoutBars).joined(separator: " | ")
    }

    /// Whether what was `seen` may well be of the same cause as what is `sought`: the rule and what was
    /// seen are the same. Whom the oracle calls the observer, and which of several writers, is chance. A
    /// sought text of one part names a rule, whatever was seen.
    package static func resemble(_ sought: String, _ seen: String) -> Bool {
        let (sought, seen) = (heads(sought), heads(seen))
        return sought == seen || sought.count == 1 && sought[0] == seen.first
    }

    /// The rule and what was seen, of a signature's text: `R3 | zero`.
    package static func head(_ text: String) -> String { heads(text).joined(separator: " | ") }

    private static func heads(_ text: String) -> [String] {
        text.split(separator: "|", omittingEmptySubsequences: false).prefix(2)
            .map { $0.split(separator: " ").joined(separator: " ") }
    }

    private static func withoutBars(_ part: String) -> String {
        String(part.map { $0 == "|" ? "/" : $0 })
    }

    /// The text with `N` for each number, decimal or hexadecimal, so that it is the same for all words.
    package static func withoutNumbers(_ text: String) -> String {
        var result = ""
        var number = false
        var previous: Character = " "
        for character in text {
            let isPart =
                number
                ? character.isHexDigit || character == "x"
                : character.isNumber && !previous.isLetter
            if isPart && !number { result.append("N") }
            if !isPart { result.append(character) }
            (number, previous) = (isPart, character)
        }
        return result
    }
}
