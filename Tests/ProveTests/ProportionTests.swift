import DaxProve
import Testing

@Suite struct ProportionTests {
    /// Values that tables of the interval have.
    @Test func theIntervalIsThatOfTheTables() {
        func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 0.0006 }
        let three = Proportion(3, of: 10).interval
        #expect(isNear(three.lowerBound, 0.0667) && isNear(three.upperBound, 0.6525))
        let none = Proportion(0, of: 10).interval
        #expect(none.lowerBound == 0 && isNear(none.upperBound, 0.3085))
        let all = Proportion(10, of: 10).interval
        #expect(isNear(all.lowerBound, 0.6915) && all.upperBound == 1)
    }

    @Test func itSaysBoth() {
        #expect(Proportion(3, of: 10).description == "3 of 10 (95 % interval 6.7 to 65.2 %)")
        #expect(Proportion(0, of: 0).interval == 0...1)
    }
}
