import DaxModel
public import DaxSystem

/// A file that one actor alone knows, and that nothing maps but for an instant.
///
/// The files under test are always mapped by somebody. This one has no name, two pages at most,
/// and is empty between two steps, so that every epoch begins with nothing in it.
public final class PrivateFile {
    /// Its number in stamps and records, which no file under test has.
    public let number: UInt8
    let file: File

    /// Words that it has at most.
    public static let words = 2 * Page.words

    /// The number of actor `actor`'s, where there are `files` files under test.
    public static func number(of actor: UInt8, files: Int) -> Int { files + Int(actor) - 1 }

    /// Makes the file beside `path` and takes its name away.
    init(beside path: String, actor: UInt8, files: Int) throws(SystemError) {
        number = UInt8(PrivateFile.number(of: actor, files: files))
        let name = "\(path).pin\(actor)"
        file = try File(name, [.create, .exclusive])
        try Files.remove(name)
    }
}

extension Hand {
    /// Makes the private file, for `pinPrivate`.
    public func makePrivateFile() throws(SystemError) {
        privateFile = try PrivateFile(beside: files[0].file.path, actor: actor, files: files.count)
    }

    /// Writes the first page of the private file, pins it, and unmaps it. While it is pinned for
    /// `nanoseconds` the kernel is to punch it, to commit that, and to write another page, for which
    /// the freed block is the nearest. Then it looks at what the pinned page holds, and empties the
    /// file.
    ///
    /// A sound kernel punches when the pin is gone. The punch, the write and the look are given one
    /// interval, from before the pin to the end of all.
    public func pinPrivate(for nanoseconds: UInt64) {
        guard let own = privateFile else { preconditionFailure("no private file") }
        let (kit, page) = (tools, Page.words)
        let (first, second) = (0..<UInt64(page), UInt64(page)..<UInt64(2 * page))
        let before = stamp(first, number: UInt16(own.number), in: &buffer, at: 0)
        var (written, code): (Int, Int32) = (0, 0)
        announce(.pwrite, .syscall, own.number, offset: 0, length: UInt64(Page.bytes))
        let from = Clock.ticks()
        do throws(SystemError) {
            written = try own.file.write(at: 0, count: page, from: buffer)
        } catch { code = error.code }
        let to = Clock.ticks()
        note(.pwrite, own.number, first, (from, to), done: written, before, code)
        let after = stamp(second, number: UInt16(own.number), in: &buffer, at: 0)
        let bytes = UInt64(Page.bytes)
        let entries: [RingOperation] = [
            .fallocate(.punch, offset: 0, length: bytes), .fsync,
            .write(offset: bytes, count: page, at: 0), .fsync,
        ]
        if let (seen, interval) = held(own, kit, entries, nanoseconds) {
            let values = log.pool { kit.cliff.append(0..<seen / Page.wordBytes, to: &$0) }
            note(.privatePin, own.number, first, interval, done: seen, values, 0)
            note(
                .punch, own.number, first, interval, done: 0, 0, ring.results[0].error?.code ?? 0)
            note(
                .write, own.number, second, interval,
                done: Int(max(ring.results[2].value, 0)), after,
                ring.results[2].error?.code ?? 0)
        }
        empty(own)
    }

    private func empty(_ own: PrivateFile) {
        var code: Int32 = 0
        announce(.truncate, .syscall, own.number, offset: 0, length: 0)
        let from = Clock.ticks()
        do throws(SystemError) { try own.file.truncate(to: 0) } catch { code = error.code }
        let to = Clock.ticks()
        note(.truncate, own.number, 0..<0, (from, to), done: 0, 0, code)
    }

    /// What was seen, in bytes, and the interval of all; nil where nothing was pinned.
    private func held(
        _ own: PrivateFile, _ kit: CallKit, _ entries: [RingOperation], _ nanoseconds: UInt64
    ) -> (seen: Int, interval: (UInt64, UInt64))? {
        var seen: Int?
        announce(.privatePin, .syscall, own.number, offset: 0, length: UInt64(Page.bytes))
        let from = Clock.ticks()
        do throws(SystemError) {
            seen = try pinned(own, kit, entries, nanoseconds)
        } catch { trouble = error }
        let to = Clock.ticks()
        return seen.map { ($0, (from, to)) }
    }

    private func pinned(
        _ own: PrivateFile, _ kit: CallKit, _ entries: [RingOperation], _ nanoseconds: UInt64
    ) throws(SystemError) -> Int? {
        guard let bytes = try? kit.pipe.pinUnmapped(own.file, 0, count: Page.words) else {
            return nil
        }
        var seen = 0
        try ring.run(entries, on: own.file, buffer: &buffer, linked: true) {
            (_) throws(SystemError) in
            Clock.sleep(nanoseconds: nanoseconds)
            seen = try kit.pipe.drain(bytes / Page.wordBytes, into: &kit.cliff)
        }
        return seen
    }

    private func note(
        _ kind: OperationKind, _ file: UInt8, _ words: Words, _ interval: (UInt64, UInt64),
        done: Int, _ reference: UInt32, _ code: Int32
    ) {
        pulse?.withdraw()
        log.append(
            Record(
                interval: Interval(
                    Timestamp(ticks: interval.0), Timestamp(ticks: interval.1)),
                offset: words.lowerBound * 8, length: UInt64(words.count) * 8,
                done: UInt64(done), reference: reference, kind: kind, path: .syscall,
                outcome: code == 0 ? .done : .failed, file: file,
                circumstances: kind == .write ? .chained : [], code: code))
    }
}
