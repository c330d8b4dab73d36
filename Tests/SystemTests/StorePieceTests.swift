import CFault
import CForge
import DaxModel
import Testing

/// By what pieces the guarded stores go, seen instruction by instruction.
///
/// A piece across two pages may be carried out twice: its first part becomes visible, the second
/// faults, and the instruction starts over. The oracle knows no word that is stored twice. One at a time:
/// the process has one handler of traps.
@Suite(.serialized) struct StorePieceTests {
    /// A store, and the widest piece that it may have.
    private static var stores: [(store: Store, widest: Int)] {
        unsafe [
            (cfault_store, 8), (cfault_store_nontemporal, 8), (cfault_store_16, 16),
            (cfault_store_32, 32), (cfault_store_string, 1),
        ]
    }
    private typealias Store =
        @convention(c) (UnsafeMutablePointer<UInt64>?, UnsafePointer<UInt64>?, Int) -> Int

    /// Every place relative to a page's end, and every length that reaches over it or not.
    @Test(arguments: 0..<5) func noPieceLiesAcrossTwoPages(_ index: Int) {
        let (store, widest) = unsafe Self.stores[index]
        if widest == 32 && cfault_has_avx() == 0 { return }
        var random = Random(seed: 1)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 8192, alignment: 4096)
        defer { unsafe memory.deallocate() }
        unsafe memory.initializeMemory(as: UInt64.self, repeating: 0, count: 1024)
        let words = unsafe memory.assumingMemoryBound(to: UInt64.self)
        for first in 496..<516 {
            for count in 0...20 {
                let from = (0..<count).map { _ in random.next() | 0x0101_0101_0101_0101 }
                for word in 0..<1024 { unsafe words[word] = 0 }
                let steps = unsafe cforge_step(store, words + first, from, count)
                #expect(steps.left == 0 && steps.across == 0, "\(count) words at \(first)")
                #expect(steps.widest <= widest && steps.stores * widest >= 8 * count)
                for word in 0..<1024 {
                    let isInside = word >= first && word < first + count
                    let found = unsafe words[word]
                    #expect(found == (isInside ? from[word - first] : 0))
                }
            }
        }
    }
}
