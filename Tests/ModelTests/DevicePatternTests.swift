import DaxModel
import TestSupport
import Testing

@Suite struct DevicePatternTests {
    @Test func everyWordNamesItsPlace() {
        for offset in [0, 8, 4096, 1 << 30, (1 << 43) - 8] as [UInt64] {
            let word = DevicePattern.word(at: offset)
            #expect(word != 0 && DevicePattern.offset(of: word) == offset)
        }
        #expect(
            DevicePattern.word(at: 8) == DevicePattern.word(at: 0) + DevicePattern.step)
    }

    @Test func noStampIsOne() {
        let key = StampKey(seed: 7)
        for word in 0..<4096 as Range<UInt64> {
            let stamp = key.stamp(actor: 1, sequence: 3, file: 0, word: word).rawValue
            #expect(DevicePattern.offset(of: stamp) == nil)
            #expect(
                !key.verify(
                    Stamp(rawValue: DevicePattern.word(at: 8 * word)), file: 0, word: word))
        }
        #expect(DevicePattern.offset(of: 0) == nil)
    }
}
