/// The bug that a bisection is about, by the signature of its violations: the whole of one, or as many of its
/// parts as are known, of the first part the rule's number alone at the least.
package struct SoughtSignature: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) { description = text }

    /// What violations that are likely of the same cause as one of `signature` have in common: the rule and
    /// what was seen (`Signature.resembles`).
    package init(like signature: String) {
        description = SoughtSignature.parts(of: signature).prefix(2).joined(separator: separator)
    }

    package func matches(_ signature: String) -> Bool {
        let (sought, found) = (
            SoughtSignature.parts(of: description), SoughtSignature.parts(of: signature)
        )
        guard sought.count <= found.count, sought.dropFirst() == found[1..<sought.count] else {
            return false
        }
        return sought[0] == found[0] || sought[0][...] == found[0].prefix { $0 != " " }
    }

    private static func parts(of text: String) -> [String] {
        text.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}

/// What is between the parts of a signature.
private let separator = " | "
