import DaxModel
import Testing

@Suite struct SignatureTests {
    @Test func partsKeepTheirPlaces() {
        let signature = Signature(
            rule: .freshness, seen: "zero", others: ["punch", "copy", "punch"],
            relation: "part of the page")
        #expect(signature.text == "R3 | zero |  | copy, punch | part of the page")
        #expect(Signature(rule: .kernel, seen: "a | b").text == "R10 | a / b")
    }

    @Test(arguments: [
        ("0x0600000014: 12 bytes", "N: N bytes"), ("file0, 3 pages", "file0, N pages"),
        ("frame 0x10890b", "frame N"), ("jbd2_log", "jbd2_log"), ("", ""),
    ])
    func numbersAreLeftOut(_ text: String, _ left: String) {
        #expect(Signature.withoutNumbers(text) == left)
    }

    @Test func resemblesWhatBrokeTheSameRuleInTheSameWay() {
        let one = Signature(rule: .freshness, seen: "zero", observer: "load")
        #expect(
            Signature.resemble(
                one.text, Signature(rule: .freshness, seen: "zero", others: ["punch"]).text))
        #expect(
            !Signature.resemble(one.text, Signature(rule: .freshness, seen: "an old stamp").text))
        #expect(
            !Signature.resemble(
                one.text, Signature(rule: .regrowth, seen: "zero", observer: "load").text))
    }

    @Test func aRuleAloneIsWhateverBreaksIt() {
        let one = Signature(rule: .freshness, seen: "zero", observer: "load").text
        #expect(Signature.resemble("R3", one))
        #expect(!Signature.resemble("R1", one) && !Signature.resemble(one, "R3"))
    }
}
