import DaxModel
import DaxSystem

extension ActorContext {
    /// Carries out an order that has no complaint of this run: makes the call or access, and logs it.
    ///
    /// - Parameters:
    ///   - resources: descriptors of each sort for the files under test.
    ///   - tools: made for the order among others.
    package func carryOut(_ order: Order, _ resources: IOResources, _ tools: OrderTools) {
        let (file, source) = (files[order.file], files[order.source])
        let words = order.offset / 8..<(order.offset + order.length) / 8
        let (word, count) = (words.lowerBound, words.count)
        let page = UInt64(Page.words)
        let pages = word / page..<(words.upperBound + page - 1) / page
        let from = order.sourceOffset / 8
        switch order.verb {
        case .store: store(file, word: word, count: count)
        case .load: load(file, word: word, count: count)
        case .faultStore: faultStore(file, dropping: pages, word: word, count: count)
        case .faultLoad: faultLoad(file, dropping: pages, word: word, count: count)
        // Of copies an epoch has only so many.
        case .privateStore: if mayCopy { privateStore(file, word: word, count: count) }
        case .privateLoad: privateLoad(file, word: word, count: count)
        case .persist: persist(file, word: word, count: count)
        case .msync: msync(file, words: words)
        case .syncRange: syncRange(file, words: words)
        case .write: write(file, [words], linked: false)
        case .read: read(file, [words])
        case .pwrite: write(file, words, by: .plain, resources)
        case .pread: read(file, words, by: .plain, resources)
        case .directWrite: write(file, words, by: .direct, resources)
        case .directRead: read(file, words, by: .direct, resources)
        case .syncWrite: write(file, words, by: .synchronous, resources)
        case .punch: space(.punch, file, order)
        case .zero: space(.zeroKeepSize, file, order)
        case .allocate: space(.allocate, file, order)
        case .allocateKeepSize: space(.allocateKeepSize, file, order)
        case .collapse: space(.collapse, file, order)
        case .unshare: space(.unshare, file, order)
        case .truncate: extents(file, [.truncate(to: order.offset)], linked: false)
        case .fsync: fsync(file)
        case .mmap: remap(file, synchronous: false)
        case .reopen: reopen(file)
        case .clone: clone(file, words, from: source, at: from)
        case .copy: copy(file, words, from: source, at: from)
        case .dedupe: dedupe(file, words, with: source, at: from)
        case .exchange: exchange(file, words, with: source, at: from, [])
        case .syncfs: syncFilesystem()
        case .dropCaches: drop(.both)
        case .pin:
            pin(file, words, for: order.nanoseconds, unmap: false, resources)
        case .unmappedPin:
            pin(file, words, for: order.nanoseconds, unmap: true, resources)
        case .privatePin: tools.pins?.pinPrivate(for: order.nanoseconds)
        case .heldRead:
            tools.copies.map { read(file, words, for: order.nanoseconds, $0) }
        case .heldWrite:
            tools.copies.map { write(file, words, for: order.nanoseconds, $0) }
        case .syncFaults: tools.synchronous?.allocateDurably(self)
        case .insert: space(.insert, file, order)
        case .pause: Clock.sleep(nanoseconds: order.nanoseconds)
        // When a step is carried out, and what is to come of it, its script knows.
        case .at, .meet, .after, .repeat, .expect: break
        }
    }

    private func space(_ mode: SpaceMode, _ file: FileUnderTest, _ order: Order) {
        extents(
            file, [.space(mode, offset: order.offset, length: order.length)], linked: false)
    }
}
