import DaxModel
import DaxSystem
import TestSupport
import Testing

@testable import DaxActors
@testable import DaxOperations

/// What an actor draws from a seed is fixed for ever: a seed that somebody published must mean the same
/// run to whoever tries it later.
@Suite struct DrawTests {
    /// What each role draws whose draws do not depend on what the host's kernel and filesystem can do.
    static let golden: [(role: Role, digest: UInt64)] = [
        (.writer, 12_059_644_399_237_074_691), (.faulter, 4_475_953_316_744_325_346),
        (.truncater, 12_429_682_063_459_473_400), (.puncher, 2_681_516_201_448_034_348),
        (.syncer, 15_112_425_517_422_683_586),
    ]

    @Test(arguments: DrawTests.golden)
    func aSeedMeansTheSameForEver(_ role: Role, _ digest: UInt64) throws {
        try Mapping.guardAccess()
        let scratch = try Scratch("draws\(Clock.ticks())")
        let limit: UInt64 = 4 << 20
        for number in 0..<2 {
            let file = try File("\(scratch.path)/file\(number)", [.create, .exclusive])
            try file.truncate(to: limit)
        }
        let files = try [0, 1].map { (number: FileNumber) in
            try FileUnderTest("\(scratch.path)/file\(number)", number: number, limit: limit)
        }
        let context = try ActorContext(
            actor: 1, seed: 7, key: StampKey(seed: 7), files: files, words: 4096,
            log: Log(records: 4000, values: 1 << 19))
        let settings = ActorSettings(bytes: 8...4096, alignment: 8, pause: 0)
        var runner = try ActorRunner(role, settings, context: context)
        let (stopFlag, progress) = (StopFlag(), ProgressCounter())
        stopFlag.clear()
        runner.run(stopFlag, progress)
        var drawn = Digest()
        for record in context.log.records {
            drawn.add(record.kind.rawValue, record.file.byte)
            drawn.add(record.offset, record.length)
        }
        #expect(context.log.records.count > 3900)
        #expect(drawn.value == digest, "\(role)")
    }
}

/// FNV-1a, of bytes and words.
struct Digest {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add<T: FixedWidthInteger & UnsignedInteger>(_ numbers: T...) {
        for number in numbers {
            for shift in stride(from: 0, to: T.bitWidth, by: 8) {
                value ^= UInt64(truncatingIfNeeded: number >> T(shift)) & 0xff
                value &*= 0x100_0000_01b3
            }
        }
    }
}
