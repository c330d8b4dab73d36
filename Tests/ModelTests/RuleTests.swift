import DaxModel
import Testing

@Suite struct RuleTests {
    @Test func theyAreNumberedWithoutAGap() {
        #expect(Rule.allCases.map(\.description) == (1...14).map { "R\($0)" })
        #expect(Rule.allCases == Rule.allCases.sorted())
    }

    @Test func theyAreReadAsTheyArePrinted() {
        for rule in Rule.allCases { #expect(Rule("\(rule)") == rule) }
        for text in ["R0", "R15", "R", "r3", "R03", "R3 ", "R3 freshness", ""] {
            #expect(Rule(text) == nil, "\(text)")
        }
    }

    @Test func theyHaveNames() {
        #expect(Rule.provenance.name == "R1 provenance" && Rule.physical.name == "R12 physical")
        #expect(Rule.refusal.name == "R13 refusal")
        #expect(Rule.crash.name == "R14 crash")
        #expect(Set(Rule.allCases.map(\.name)).count == Rule.allCases.count)
    }
}
