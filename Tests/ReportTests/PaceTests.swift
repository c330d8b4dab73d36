import DaxReport
import Testing

@Suite struct PaceTests {
    private func pace(_ operations: UInt64, seconds: UInt64) -> Pace {
        Pace(operations: operations, nanoseconds: seconds * 1_000_000_000)
    }

    @Test func dividesByAllTheTime() {
        #expect(pace(1000, seconds: 4).perSecond == 250)
        #expect(pace(0, seconds: 0).perSecond == 0)
    }

    @Test func comparesMedians() {
        var paces = PaceComparison()
        #expect(paces.ratio == nil && paces.conclusion == nil)
        for operations: UInt64 in [900, 100, 810] {
            paces.add(pace(operations, seconds: 1), isChecked: true)
        }
        #expect(paces.ratio == nil)
        for operations: UInt64 in [1800, 4000, 10, 2200] {
            paces.add(pace(operations, seconds: 2), isChecked: false)
        }
        // Of four the mean of the two in the middle: 900 and 1,100 a second.
        #expect(paces.ratio == 0.81)
        #expect(
            paces.conclusion
                == "medians: 810 operations/s with checks, 1,000 without; ratio 0.81")
        #expect(paces.lines.first == "with checks: 900 operations in 1.0 s, 900 operations/s")
        #expect(
            paces.lines.last == "without checks: 2,200 operations in 2.0 s, 1,100 operations/s")
    }

    @Test func hundredthsHaveTwoDigits() {
        var paces = PaceComparison()
        paces.add(pace(207, seconds: 1), isChecked: true)
        paces.add(pace(100, seconds: 1), isChecked: false)
        #expect(paces.conclusion?.hasSuffix("; ratio 2.07") == true)
    }

    /// A run that did nothing has no pace to divide by.
    @Test func nothingHasNoRatio() {
        var paces = PaceComparison()
        paces.add(pace(207, seconds: 1), isChecked: true)
        paces.add(pace(0, seconds: 0), isChecked: false)
        #expect(paces.ratio == nil)
    }
}
