import DaxModel
import TestSupport
import Testing

@Suite struct StampTests {
    let key = StampKey(seed: 7)

    @Test func aStampSaysWhoWroteItAndWhere() {
        let stamp = key.stamp(actor: 200, sequence: 0xdead_beef, file: 3, word: 1 << 30)
        #expect(stamp.actor == 200)
        #expect(stamp.sequence == 0xdead_beef)
        #expect(key.verify(stamp, file: 3, word: 1 << 30))
    }

    @Test func anotherPlaceFileRunOrBitFails() {
        var random = Random(seed: 1)
        var passed = 0
        for _ in 0..<20000 {
            let file = FileNumber(index: random.below(16))
            let word = random.below(1 << 24 as UInt64)
            let stamp = key.stamp(
                actor: ActorNumber(index: random.below(255)),
                sequence: UInt32(random.within(1...1 << 31)), file: file, word: word)
            let others = [
                key.verify(stamp, file: file, word: word + 1),
                key.verify(stamp, file: FileNumber(rawValue: file.rawValue ^ 1), word: word),
                StampKey(seed: 8).verify(stamp, file: file, word: word),
                StampKey(seed: 7, nonce: 1).verify(stamp, file: file, word: word),
                key.verify(
                    Stamp(rawValue: stamp.rawValue ^ 1 << random.below(64)), file: file, word: word),
            ]
            passed += others.count { $0 }
        }
        // One in 2^24 is expected to pass by chance; two in 100,000 would be no chance.
        #expect(passed < 2)
    }

    /// A dump of a run that was published must name its writers for ever.
    @Test func theStampsOfASeedAreFixed() {
        #expect(
            key.stamp(actor: 1, sequence: 1, file: 0, word: 0).rawValue == 0x0100_0000_015a_5b36)
        #expect(
            key.stamp(actor: 200, sequence: 0xdead_beef, file: 3, word: 1 << 30).rawValue
                == 0xc8de_adbe_efb3_8457)
        #expect(
            StampKey(seed: 7, nonce: 1).stamp(actor: 1, sequence: 1, file: 0, word: 0).rawValue
                == 0x0100_0000_0185_046a)
        #expect(
            StampKey(seed: 0xdead_beef)
                .stamp(actor: 254, sequence: .max, file: 255, word: 1 << 24 - 1).rawValue
                == 0xfeff_ffff_ff38_10b3)
    }

    @Test func zeroIsNoStamp() {
        #expect(!key.verify(Stamp(rawValue: 0), file: 0, word: 0))
    }
}
