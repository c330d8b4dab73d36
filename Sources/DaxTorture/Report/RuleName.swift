/// What people call the rules: the machine-readable `R3` with a word that says what it is about.
public enum RuleName {
    /// In the order of their numbers, from R1 on.
    private static let words = [
        "provenance", "no future", "freshness", "no going back", "SIGBUS", "size", "regrowth",
        "audit",
        "bystanders", "kernel", "durability", "physical",
    ]

    /// `R3 freshness`; a rule that is not known is called as it is.
    public static func of(_ rule: String) -> String {
        guard rule.hasPrefix("R"), let number = Int(rule.dropFirst()),
            (1...words.count).contains(number)
        else { return rule }
        return "\(rule) \(words[number - 1])"
    }
}
