import CPowerCut
import DaxModel
import Testing

/// What is durable, rule by rule, and on random programs beside a model that knows versions of bytes and
/// nothing of lines that were sent.
@Suite struct CacheModelTests {
    // MARK: - A rule each

    /// The first byte of an image that is left when nothing else survives.
    private func left(_ steps: [CacheStep]) -> UInt8 {
        let memory = FollowedMemory()
        for step in steps { memory.run(step) }
        return memory.image(CACHE_NONE)[0]
    }

    @Test func aStoreAloneIsLost() { #expect(left([.store(0, 8, 1)]) == 0) }

    @Test func aStoreThatWasFlushedIsLostWithoutAFence() {
        #expect(left([.store(0, 8, 1), .flush(cpu: 0, 0)]) == 0)
    }

    @Test func aStoreThatWasFlushedAndFencedIsDurable() {
        #expect(left([.store(0, 8, 1), .flush(cpu: 0, 0), .fence(cpu: 0)]) == 1)
    }

    @Test func aFenceWithoutAFlushIsNothing() {
        #expect(left([.store(0, 8, 1), .fence(cpu: 0)]) == 0)
    }

    @Test func aFenceIsForTheCPUThatFlushed() {
        #expect(left([.store(0, 8, 1), .flush(cpu: 0, 0), .fence(cpu: 1)]) == 0)
        #expect(left([.store(0, 8, 1), .flush(cpu: 1, 0), .fence(cpu: 1)]) == 1)
    }

    @Test func anOrderedFlushNeedsNoFence() {
        #expect(left([.store(0, 8, 1), .flushOrdered(cpu: 0, 0)]) == 1)
    }

    @Test func aStoreAfterTheFlushIsLost() {
        #expect(
            left([.store(0, 8, 1), .flush(cpu: 0, 0), .store(0, 8, 2), .fence(cpu: 0)]) == 1)
    }

    @Test func aStoreAroundTheCachesNeedsAFenceAlone() {
        #expect(left([.stream(cpu: 0, 0, 8, 1)]) == 0)
        #expect(left([.stream(cpu: 0, 0, 8, 1), .fence(cpu: 1)]) == 0)
        #expect(left([.stream(cpu: 0, 0, 8, 1), .fence(cpu: 0)]) == 1)
    }

    @Test func aStoreAroundTheCachesTakesNoneOfItsNeighboursAlong() {
        #expect(left([.store(0, 8, 1), .stream(cpu: 0, 8, 8, 2), .fence(cpu: 0)]) == 0)
    }

    @Test func aFlushOfAnotherLineIsNothing() {
        #expect(left([.store(0, 8, 1), .flush(cpu: 0, 64), .fence(cpu: 0)]) == 0)
    }

    @Test func aStoreAcrossTwoLinesNeedsBoth() {
        let memory = FollowedMemory()
        for step: CacheStep in [.store(60, 8, 1), .flush(cpu: 0, 64), .fence(cpu: 0)] {
            memory.run(step)
        }
        let image = memory.image(CACHE_NONE)
        #expect(image[60..<64].allSatisfy { $0 == 0 })
        #expect(image[64..<68].allSatisfy { $0 == 1 })
    }

    @Test func anOlderFlushThatIsFencedLaterTakesNothingBack() {
        let steps: [CacheStep] = [
            .store(0, 8, 1), .flush(cpu: 0, 0), .store(0, 8, 2), .flush(cpu: 1, 0),
            .fence(cpu: 1), .fence(cpu: 0),
        ]
        #expect(left(steps) == 2)
    }

    @Test func settlingMakesAllDurable() { #expect(left([.store(0, 8, 1), .settle]) == 1) }

    @Test func allStoresSurviveWhereCachesAreFlushed() {
        let memory = FollowedMemory()
        memory.run(.store(0, 8, 1))
        #expect(memory.image(CACHE_ALL)[0] == 1)
    }

    @Test func anImageStaysAsItIs() {
        let memory = FollowedMemory()
        memory.run(.store(0, 8, 1))
        let none = memory.cut(CACHE_NONE)
        let all = memory.cut(CACHE_ALL)
        for step: CacheStep in [.store(0, 8, 2), .flush(cpu: 0, 0), .fence(cpu: 0)] {
            memory.run(step)
        }
        let later = memory.cut(CACHE_NONE)
        #expect(memory.bytes(none)[0] == 0)
        #expect(memory.bytes(all)[0] == 1)
        #expect(memory.bytes(later)[0] == 2)
    }

    @Test func someLinesSurviveByTheSeed() {
        let memory = FollowedMemory()
        for line in 0..<64 { memory.run(.store(line * 64, 8, 1)) }
        let images = (0..<4).map { memory.image(CACHE_SOME, seed: $0) }
        #expect(memory.image(CACHE_SOME, seed: 0) == images[0])
        #expect(Set(images).count == 4)
        let survived = stride(from: 0, to: 4096, by: 64).count { images[0][$0] == 1 }
        #expect((16...48).contains(survived))
    }

    // MARK: - Random programs

    @Test func randomProgramsAgreeWithAModelOfVersions() {
        for seed in 0..<UInt64(100) {
            var random = Random(seed: seed, stream: 0)
            let steps = (0..<60).map { _ in CacheStep.drawn(&random) }
            guard let failure = VersionedBytes.disagreement(steps) else { continue }
            var least = steps
            var index = 0
            while index < least.count {
                var shorter = least
                shorter.remove(at: index)
                if VersionedBytes.disagreement(shorter) != nil {
                    least = shorter
                } else {
                    index += 1
                }
            }
            Issue.record("seed \(seed): \(failure); \(least)")
            return
        }
    }

    @Test func theDigestIsSHA256() {
        for (text, begins) in [("", 0xe3 as UInt8), ("abc", 0xba)] {
            #expect(digest(Array(text.utf8))[0] == begins)
        }
        let million = digest(Array(repeating: UInt8(ascii: "a"), count: 1_000_000))
        #expect(million.prefix(4) == [0xcd, 0xc7, 0x6e, 0x5c])
        #expect(
            million.suffix(4) == [0xc7, 0x11, 0x2c, 0xd0] || million.suffix(2) == [0x2c, 0xd0])
    }

    private func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe sha256(bytes, bytes.count, &digest)
        return digest
    }
}

/// A step of a program: offsets and lengths are in bytes, values are stored into each byte.
enum CacheStep: CustomStringConvertible {
    case store(Int, Int, UInt8)
    case stream(cpu: UInt32, Int, Int, UInt8)
    case flush(cpu: UInt32, Int)
    case flushOrdered(cpu: UInt32, Int)
    case fence(cpu: UInt32)
    case settle

    static func drawn(_ random: inout Random) -> CacheStep {
        // Two lines of a page, and one of the next.
        let lines = [0, 64, 4096]
        let at = lines[random.below(3)] + 8 * random.below(7)
        let (length, value) = ([4, 8, 16][random.below(3)], UInt8(random.below(8)))
        let cpu = UInt32(random.below(3))
        switch random.weighted([30, 25, 20, 3, 20, 1]) {
        case 0: return .store(at, length, value)
        case 1: return .stream(cpu: cpu, at, length, value)
        case 2: return .flush(cpu: cpu, at)
        case 3: return .flushOrdered(cpu: cpu, at)
        case 4: return .fence(cpu: cpu)
        default: return .settle
        }
    }

    var description: String {
        switch self {
        case .store(let at, let length, let value): ".store(\(at), \(length), \(value))"
        case .stream(let cpu, let at, let length, let value):
            ".stream(cpu: \(cpu), \(at), \(length), \(value))"
        case .flush(let cpu, let at): ".flush(cpu: \(cpu), \(at))"
        case .flushOrdered(let cpu, let at): ".flushOrdered(cpu: \(cpu), \(at))"
        case .fence(let cpu): ".fence(cpu: \(cpu))"
        case .settle: ".settle"
        }
    }
}

/// Two pages of memory with three CPUs, and the model over them.
@safe final class FollowedMemory {
    static let size = 8192
    private let memory: UnsafeMutablePointer<UInt8>
    private let model: OpaquePointer

    init() {
        unsafe memory = .allocate(capacity: FollowedMemory.size)
        unsafe memory.initialize(repeating: 0, count: FollowedMemory.size)
        unsafe model = cache_model_new(memory, FollowedMemory.size, 3)
    }

    deinit {
        unsafe cache_model_free(model)
        unsafe memory.deallocate()
    }

    func run(_ step: CacheStep) {
        switch step {
        case .store(let at, let length, let value):
            for byte in at..<at + length { unsafe memory[byte] = value }
            unsafe cache_model_store(model, at, length)
        case .stream(let cpu, let at, let length, let value):
            for byte in at..<at + length { unsafe memory[byte] = value }
            unsafe cache_model_stream(model, cpu, at, length)
        case .flush(let cpu, let at): unsafe cache_model_flush(model, cpu, at, false)
        case .flushOrdered(let cpu, let at): unsafe cache_model_flush(model, cpu, at, true)
        case .fence(let cpu):
            unsafe cache_model_fence(model, cpu)
            let pending = unsafe cache_model_pending(model, cpu)
            precondition(pending == 0)
        case .settle: unsafe cache_model_settle(model)
        }
    }

    func cut(_ fate: cache_fate, seed: UInt64 = 0) -> Int32 {
        unsafe cache_model_cut(model, fate, seed)
    }

    func bytes(_ image: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xff, count: FollowedMemory.size)
        unsafe cache_model_image(model, image, &bytes)
        return bytes
    }

    func image(_ fate: cache_fate, seed: UInt64 = 0) -> [UInt8] { bytes(cut(fate, seed: seed)) }
}

/// The rules once more: each byte has versions, and the durable one is the newest that was promised.
struct VersionedBytes {
    private var versions = [[UInt8]](repeating: [0], count: FollowedMemory.size)
    private var durable = [Int](repeating: 0, count: FollowedMemory.size)
    private var sent = [[(byte: Int, version: Int)]](repeating: [], count: 3)

    var lost: [UInt8] { zip(versions, durable).map { $0[$1] } }
    var kept: [UInt8] { versions.map { $0.last! } }

    private mutating func put(_ at: Int, _ length: Int, _ value: UInt8) {
        for byte in at..<at + length { versions[byte].append(value) }
    }

    private func line(_ at: Int) -> Range<Int> { at / 64 * 64..<at / 64 * 64 + 64 }
    private func newest(_ byte: Int) -> Int { versions[byte].count - 1 }

    mutating func run(_ step: CacheStep) {
        switch step {
        case .store(let at, let length, let value): put(at, length, value)
        case .stream(let cpu, let at, let length, let value):
            put(at, length, value)
            for byte in at..<at + length { sent[Int(cpu)].append((byte, newest(byte))) }
        case .flush(let cpu, let at):
            for byte in line(at) { sent[Int(cpu)].append((byte, newest(byte))) }
        case .flushOrdered(_, let at): for byte in line(at) { durable[byte] = newest(byte) }
        case .fence(let cpu):
            for one in sent[Int(cpu)] { durable[one.byte] = max(durable[one.byte], one.version) }
            sent[Int(cpu)] = []
        case .settle:
            for byte in durable.indices { durable[byte] = newest(byte) }
            sent = [[], [], []]
        }
    }

    /// What the model in C says otherwise behind any of the steps; nil if nothing.
    static func disagreement(_ steps: [CacheStep]) -> String? {
        let memory = FollowedMemory()
        var bytes = VersionedBytes()
        var images: [(number: Int32, bytes: [UInt8])] = []
        for (index, step) in steps.enumerated() {
            memory.run(step)
            bytes.run(step)
            // What is forgotten with a settling is the caller's to know.
            guard index % 7 == 0 || index == steps.count - 1 else { continue }
            let (lost, kept) = (bytes.lost, bytes.kept)
            images.append((memory.cut(CACHE_NONE), lost))
            images.append((memory.cut(CACHE_ALL), kept))
            let some = memory.image(CACHE_SOME, seed: UInt64(index))
            for line in stride(from: 0, to: FollowedMemory.size, by: 64) {
                let here = some[line..<line + 64]
                if here != lost[line..<line + 64] && here != kept[line..<line + 64] {
                    return "a line that is neither lost nor kept, behind step \(index)"
                }
            }
        }
        for image in images where memory.bytes(image.number) != image.bytes {
            return "image \(image.number)"
        }
        return nil
    }
}
