import DaxSystem
import Glibc
import Testing

@Suite struct GuardedAccessTests {
    init() throws { try Mapping.guardAccess() }

    @Test func wordsGoInAndOut() throws {
        let file = try scratchFile(bytes: 8192)
        let mapping = try Mapping(file, offset: 0, bytes: 8192, sharing: .shared)
        var buffer = Buffer(words: 1024)
        for word in 0..<1024 { buffer[word] = UInt64(word) * 3 + 1 }
        for width in Mapping.Width.allCases {
            let stored = mapping.store(0, count: 1024, from: buffer, by: width)
            #expect(stored.done == 1024 && stored.fault == nil)
            var back = Buffer(words: 1024)
            let loaded = mapping.load(0, count: 1024, into: &back)
            #expect(loaded.done == 1024 && loaded.fault == nil)
            #expect(back.firstDifference(from: buffer, in: 0..<1024) == nil)
            #expect(mapping.store(0, count: 1024, from: Buffer(words: 1024)).done == 1024)
        }
    }

    @Test func aFaultStopsAtTheWordThatFaulted() throws {
        let file = try scratchFile(bytes: 4096)
        let mapping = try Mapping(file, offset: 0, bytes: 8192, sharing: .shared)
        var buffer = Buffer(words: 1024)
        buffer.fill(0..<1024, with: 7)
        let stored = mapping.store(500, count: 100, from: buffer)
        #expect(stored.done == 12)
        let fault = try #require(stored.fault)
        #expect(fault.signal == SIGBUS && fault.code == Int32(BUS_ADRERR))
        #expect(fault.word == 512)
        let loaded = mapping.load(508, count: 100, into: &buffer)
        #expect(loaded.done == 4 && loaded.fault?.word == 512)
        #expect(buffer[3] == 7)
    }

    /// However it stores, what is counted as done is there, up to the word that faulted.
    @Test(arguments: Mapping.Width.allCases, Array(500...511))
    func aWideStoreCountsWhatItDid(_ width: Mapping.Width, _ first: Int) throws {
        let file = try scratchFile(bytes: 4096)
        let mapping = try Mapping(file, offset: 0, bytes: 8192, sharing: .shared)
        var buffer = Buffer(words: 1024)
        buffer.fill(0..<1024, with: 7)
        let stored = mapping.store(first, count: 100, from: buffer, by: width)
        // No vector lies across the end.
        #expect(stored.fault?.signal == SIGBUS && stored.fault?.word == 512)
        #expect(stored.done == 512 - first)
        var sevens = Buffer(words: 1024)
        sevens.fill(0..<1024, with: 7)
        buffer.fill(0..<1024, with: 0)
        let loaded = mapping.load(first, count: stored.done, into: &buffer, at: 512)
        #expect(loaded.done == stored.done)
        #expect(buffer.firstDifference(from: sevens, in: 512..<512 + stored.done) == nil)
    }

    @Test(arguments: Flush.allCases)
    func aFlushFaultsAsALoadDoes(_ flush: Flush) throws {
        guard flush.isThere else { return }
        let file = try scratchFile(bytes: 4096)
        let mapping = try Mapping(file, offset: 0, bytes: 8192, sharing: .shared)
        #expect(mapping.flush(3, count: 509, by: flush).done == 509)
        let beyond = mapping.flush(500, count: 100, by: flush)
        // Emulators leave the fault out.
        #expect(beyond.done == (beyond.fault == nil ? 100 : 12))
        #expect(beyond.fault.map { $0.signal == SIGBUS && $0.word == 512 } ?? true)
    }

    @Test(arguments: [0, 1, 511])
    func aMappingLiesWhereItWasPut(_ shift: Int) throws {
        let file = try scratchFile(bytes: 8192)
        var mapping = try Mapping(
            file, offset: 4096, bytes: 4096, sharing: .shared, placement: .shifted(pages: shift))
        #expect(mapping.shift == shift)
        var buffer = Buffer(words: 1)
        buffer[0] = 9
        #expect(mapping.store(3, count: 1, from: buffer).done == 1)
        try mapping.move(to: .shifted(pages: 7))
        #expect(mapping.shift == 7)
        buffer[0] = 0
        #expect(mapping.load(3, count: 1, into: &buffer).done == 1 && buffer[0] == 9)
    }

    @Test func aReadOnlyMappingRefusesStores() throws {
        let file = try scratchFile(bytes: 4096)
        let mapping = try Mapping(file, offset: 0, bytes: 4096, sharing: .shared, writable: false)
        let stored = mapping.store(3, count: 1, from: Buffer(words: 1))
        #expect(stored.done == 0)
        #expect(stored.fault?.signal == SIGSEGV && stored.fault?.code == Int32(SEGV_ACCERR))
        #expect(stored.fault?.word == 3)
    }

    @Test func everyFaultOfSeveralThreadsIsItsOwn() throws {
        let workers = try [1, 7, 15].map { page in
            try Worker("fault \(page)", make: { (page: page, wrong: 0) }) { share in
                guard let file = try? scratchFile(bytes: 4096),
                    let mapping = try? Mapping(file, offset: 0, bytes: 65536, sharing: .shared)
                else {
                    share.wrong = -1
                    return
                }
                var buffer = Buffer(words: 1)
                for round in 0..<2000 {
                    let word = share.page * 512 + round % 512
                    let result = mapping.load(word, count: 1, into: &buffer)
                    if result.done != 0 || result.fault?.word != word { share.wrong += 1 }
                }
            }
        }
        for worker in workers { worker.start() }
        for worker in workers { #expect(worker.wait(nanoseconds: 60_000_000_000)) }
        #expect(workers.map { $0.withValue { $0.wrong } } == [0, 0, 0])
        for worker in workers { worker.end() }
    }

    @Test func aSignalThatIsNotOursKills() async {
        await #expect(processExitsWith: .signal(SIGBUS)) {
            try Mapping.guardAccess()
            // To this thread: kill(2) may pick another, and this one would leave before it dies.
            raise(SIGBUS)
        }
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            try Mapping.guardAccess()
            unsafe UnsafeMutablePointer<Int>(bitPattern: 64)!.pointee = 1
        }
    }
}
