import DaxModel
import DaxOperations
import DaxSystem

/// A file that one actor alone knows, whose blocks are freed and given to another such file, the
/// next owner, while something of the actor's own still holds them.
///
/// Both have no name and are empty between two trials. The first stays mapped.
package final class RecycledFile {
    let file: File
    let nextOwner: File
    let mapping: Mapping
    let pipe: Pipe
    /// What holds faults in system calls; nil where this process may not.
    let faults: FaultHold?
    /// The ring for the copy that is held, while the actor's own ring has the chain.
    private var copies: Ring
    /// What looks whether faults through MAP_SYNC wait; nil where the file has no MAP_SYNC, or
    /// tracepoints may not be used.
    let synchronousFaults: SynchronousFaults?
    /// What the file is given, and behind that what its next owner is given: the same in every trial.
    var given = Buffer(words: 2 * RecycledFile.words)
    /// What is read. Once forgotten (`dontNeed`), it is zeros to be written, of which each page
    /// costs a fault: so the copy takes longer than a commit and the next owner's write.
    var seen = Buffer(words: RecycledFile.words)
    /// A buffer for calls that need no memory.
    var nothing = Buffer(words: 1)
    /// How many words further on the present content of a word was before the shift; negative where
    /// words were put in before it.
    var shift = 0
    /// The words that were cut out of the file.
    var hole = 0..<0
    /// Whether only every second page was given anything, so that each is an extent of its own.
    var isSparse = false
    /// Whether the first word of each page is stored while blocks are changed, and not loaded.
    var isStoring = false
    /// How long the trial's pin lasts, in nanoseconds.
    var held: UInt64 = 0
    /// Where the trial begins in the actor's log.
    var trial = 0
    /// What the trial's change of blocks is.
    var change = RingOperation.Kind.empty
    /// The last word of the change's name: "PUNCH_HOLE".
    var changeName: String { change.name.split(separator: " ").last.map(String.init) ?? "" }
    /// The file's number in the stamps.
    let number: FileNumber

    /// Pages that each of the two files has at most.
    package static let pages: UInt64 = 1024
    static let words = Int(pages) * Page.words

    /// What holds blocks while they are cut.
    enum Holder: CaseIterable, Sendable {
        /// A page in a pipe (vmsplice(2)).
        case pin
        /// A read(2) that is under way.
        case read
        /// A write(2) that is under way.
        case write

        var kind: OperationKind {
            switch self {
            case .pin: .recycledPin
            case .read: .recycledRead
            case .write: .recycledWrite
            }
        }
    }

    /// How blocks are cut.
    enum Cut: CaseIterable, Sendable {
        case punch
        /// O_TRUNC.
        case truncate
    }

    /// What word `word` of the file, or of the next owner if `expected` has `nextOwners`, may hold,
    /// in words.
    func due(_ word: Int, _ expected: Expected) -> String {
        var words: [String] = []
        let isNextOwners = expected.contains(.nextOwners)
        if expected.contains(.given) {
            words.append(called(original(word), at: word, isNextOwners))
        }
        if expected.contains(.shifted) {
            words.append(called(shifted(word), at: word, isNextOwners))
        }
        if expected.contains(.partlyPunched) {
            words.append(called(partlyPunched(word), at: word, isNextOwners))
        }
        if isNextOwners {
            words.append(called(given[RecycledFile.words + word], at: word, isNextOwners))
        }
        if expected.contains(.zero) { words.append("zero") }
        var told: [String] = []
        for word in words where !told.contains(word) { told.append(word) }
        return told.joined(separator: " or ")
    }

    /// What `value`, a word of the actor's own, is: it was found at `word` of this file or, if
    /// `isNextOwners`, of the next owner of its blocks. All that a trial writes has one stamp: the
    /// place tells them apart.
    func called(_ value: UInt64, at word: Int, _ isNextOwners: Bool) -> String {
        if value == 0 { return "zero" }
        let place = (0..<2 * RecycledFile.words).first { given[$0] == value }
        guard let place else { return "an older stamp of its own" }
        let home = place % RecycledFile.words
        let isOfNextOwner = place >= RecycledFile.words
        let whose =
            isOfNextOwner == isNextOwners
            ? "" : isOfNextOwner ? "the next owner's " : "the freed file's "
        return home == word
            ? (whose.isEmpty ? "what was written there" : "\(whose)word")
            : "\(whose)word of offset 0x\(String(home * 8, radix: 16))"
    }

    /// How some words of the file's pages are taken away.
    enum PartialPunch: CaseIterable, Sendable {
        case punch
        /// ZERO_RANGE.
        case zero
        /// O_TRUNC, and then as long as before: all words.
        case truncate
    }

    /// Makes both files beside `path` and takes their names away, on the thread that uses them.
    init(beside path: String, actor: ActorNumber, number: FileNumber) throws(SystemError) {
        self.number = number
        let name = "\(path).recycled\(actor)"
        file = try File(name, [.create, .exclusive])
        try Files.remove(name)
        nextOwner = try File(name, [.create, .exclusive])
        try Files.remove(name)
        mapping = try Mapping(
            file, offset: 0, bytes: RecycledFile.words * Page.wordBytes, sharing: .shared)
        pipe = try Pipe()
        faults = try? FaultHold()
        copies = try Ring(depth: 1)
        synchronousFaults = try? SynchronousFaults(file)
    }

    /// Has the kernel do a chain of calls while `holder` holds the first `words` words of the file,
    /// as a pin or as a copy that stands still at page `page`; gives how many words the holder saw,
    /// or wrote.
    ///
    /// A pin lasts `nanoseconds`. A copy is held until the chain has ended, for `longest` at most,
    /// but no longer than `nanoseconds` if none of the calls has ended by then; where faults cannot
    /// be held it only runs beside the chain.
    func hold(
        _ words: Int, by holder: Holder, at page: Int, for nanoseconds: UInt64,
        _ chain: [RingOperation], _ ring: inout Ring
    ) throws(SystemError) -> Int {
        seen.dontNeed()
        if holder == .pin { return try pin(words, for: nanoseconds, chain, &ring) }
        if let faults {
            return try hold(words, holder, at: page, faults, nanoseconds, chain, &ring)
        }
        var bytes = 0
        try ring.run(chain, on: file, buffer: &given, linked: true) { (_) throws(SystemError) in
            bytes =
                try holder == .read
                ? file.read(at: 0, count: words, into: &seen)
                : file.write(at: 0, count: words, from: seen)
        }
        return bytes / Page.wordBytes
    }

    private func pin(
        _ words: Int, for nanoseconds: UInt64, _ chain: [RingOperation], _ ring: inout Ring
    ) throws(SystemError) -> Int {
        var bytes = 0
        let pinned = try pipe.pin(mapping, 0, count: min(words, Page.words))
        // Nothing that cuts the file ends while a pin is left.
        defer { if pinned > 0 && bytes == 0 { _ = try? pipe.drain(pinned / 8, into: &seen) } }
        try ring.run(chain, on: file, buffer: &given, linked: true) { (_) throws(SystemError) in
            Clock.sleep(nanoseconds: nanoseconds)
            bytes = try pipe.drain(pinned / Page.wordBytes, into: &seen)
        }
        return bytes / Page.wordBytes
    }

    /// Begins the copy, which stands still at `page` with the blocks it has looked up; then runs
    /// the chain, to its end if nothing kept it from the first of it for `nanoseconds`.
    private func hold(
        _ words: Int, _ holder: Holder, at page: Int, _ faults: FaultHold,
        _ nanoseconds: UInt64, _ chain: [RingOperation], _ ring: inout Ring
    ) throws(SystemError) -> Int {
        try faults.hold(page * Page.words, of: seen)
        defer { faults.release() }
        let copy: RingOperation =
            holder == .read
            ? .read(offset: 0, count: words, at: 0) : .write(offset: 0, count: words, at: 0)
        try copies.run([copy.byWorker()], on: file, buffer: &seen, linked: false) {
            (_) throws(SystemError) in
            defer { faults.release() }
            _ = faults.someoneWaits(within: RecycledFile.deadline)
            try ring.run(chain, on: file, buffer: &given, linked: true) { ended in
                let begin = Clock.monotonicNanoseconds()
                // Who did not wait with the cut does not wait with the rest.
                while ended() < chain.count
                    && Clock.monotonicNanoseconds() - begin
                        < (ended() == 0 ? nanoseconds : RecycledFile.longest)
                {
                    Clock.sleep(nanoseconds: 500_000)
                }
                faults.release()
            }
        }
        return max(0, try copies.results[0].bytes()) / Page.wordBytes
    }

    /// How long a copy is held at most, in nanoseconds.
    private static let longest: UInt64 = 5_000_000_000
    /// How long a copy may take to begin, in milliseconds.
    private static let deadline: Int32 = 1000

    /// Touches the first word of each of the first `pages` pages over and over, until `areDone`: loads
    /// it, and zero is what there is no word for; or stores what it held before.
    func sweep(pages: Int, storing: Bool, until areDone: () -> Bool) {
        for sweep in 0..<RecycledFile.sweeps where sweep == 0 || !areDone() {
            for word in stride(from: 0, to: pages * Page.words, by: Page.words) {
                if storing {
                    _ = mapping.store(word, count: 1, from: given, at: word)
                } else if mapping.load(word, count: 1, into: &seen, at: word).done == 0 {
                    seen[word] = 0
                }
            }
        }
    }

    /// How many sweeps there are at most; a call that takes longer is not waited for.
    private static let sweeps = 1024

    /// The first word, among each `step`-th of the first `words` seen, that is none of what it may
    /// be; nil if there is none. With `touched`, the first word of each page may be what it was
    /// before, too.
    func firstWrong(
        _ words: Int, step: Int = 1, _ expected: Expected, touched: Bool = false
    ) -> Int? {
        stride(from: 0, to: words, by: step).first { word in
            let value = seen[word]
            if touched && word % Page.words == 0 && value == given[word] { return false }
            return
                !(expected.contains(.given) && value == original(word)
                || expected.contains(.nextOwners) && value == given[RecycledFile.words + word]
                || expected.contains(.shifted) && value == shifted(word)
                || expected.contains(.partlyPunched) && value == partlyPunched(word)
                || expected.contains(.zero) && value == 0)
        }
    }

    /// What a word held before.
    func original(_ word: Int) -> UInt64 {
        isSparse && word / Page.words % 2 == 1 ? 0 : given[word]
    }

    /// What a word holds after the shift.
    func shifted(_ word: Int) -> UInt64 { word + shift < 0 ? 0 : given[word + shift] }

    /// What a word holds after the cut.
    func partlyPunched(_ word: Int) -> UInt64 { hole.contains(word) ? 0 : original(word) }

    /// What a word may hold.
    struct Expected: OptionSet {
        let rawValue: UInt8
        static let given = Expected(rawValue: 1)
        static let nextOwners = Expected(rawValue: 2)
        static let shifted = Expected(rawValue: 4)
        static let partlyPunched = Expected(rawValue: 8)
        static let zero = Expected(rawValue: 16)
    }
}
