import DaxModel
import DaxText

/// An order as a config writes it: `store f0 4KiB 64`, `truncate f0 0`, `clone f1 0 f0 0 8KiB`, `syncfs`.
extension Order: CustomStringConvertible {
    /// Reads one order. Throws what is wrong with it, as the end of a sentence.
    package init(_ text: String) throws(OrderError) {
        var words = text.split(separator: " ")[...]
        guard let name = words.popFirst() else { throw OrderError("a step is empty") }
        guard let verb = Verb(rawValue: String(name)) else {
            let known = Verb.allCases.map(\.rawValue).joined(separator: ", ")
            throw OrderError("\"\(name)\" is no step; steps are: \(known)")
        }
        self.init(verb)
        switch verb.shape {
        case .range:
            file = try Order.file(&words, text)
            offset = try Order.bytes(&words, "an offset", text)
            length = try Order.bytes(&words, "a length", text)
        case .size:
            file = try Order.file(&words, text)
            offset = try Order.bytes(&words, "a size", text)
        case .file: file = try Order.file(&words, text)
        case .pair:
            file = try Order.file(&words, text)
            offset = try Order.bytes(&words, "an offset", text)
            source = try Order.file(&words, text)
            sourceOffset = try Order.bytes(&words, "an offset", text)
            length = try Order.bytes(&words, "a length", text)
        case .filesystem: break
        case .hold:
            file = try Order.file(&words, text)
            offset = try Order.bytes(&words, "an offset", text)
            length = try Order.bytes(&words, "a length", text)
            nanoseconds = try Order.span(&words, text)
        case .ownHold, .time, .moment: nanoseconds = try Order.span(&words, text)
        case .meeting, .repetition: number = try Order.number(&words, text)
        case .predecessor:
            guard let name = words.popFirst() else {
                throw OrderError("\"\(text)\" needs a script and the number of a step of its")
            }
            actor = String(name)
            number = try Order.number(&words, text)
        case .expectation:
            guard let known = words.popFirst().flatMap({ Expectation(String($0)) }) else {
                throw OrderError(
                    "\"\(text)\" needs ok, SIGBUS, zero, written, or the name of an errno")
            }
            expectation = known
        }
        if let more = words.first {
            throw OrderError("\"\(text)\" says more than \(verb.rawValue) takes: \"\(more)\"")
        }
    }

    package var description: String {
        func size(_ bytes: UInt64) -> String { "\(ByteSize(bytes: bytes))" }
        let span = TimeSpan(nanoseconds: nanoseconds)
        return switch verb.shape {
        case .range: "\(verb.rawValue) f\(file) \(size(offset)) \(size(length))"
        case .size: "\(verb.rawValue) f\(file) \(size(offset))"
        case .file: "\(verb.rawValue) f\(file)"
        case .pair:
            "\(verb.rawValue) f\(file) \(size(offset)) f\(source) \(size(sourceOffset)) \(size(length))"
        case .filesystem: verb.rawValue
        case .hold:
            "\(verb.rawValue) f\(file) \(size(offset)) \(size(length)) \(span)"
        case .ownHold, .time, .moment: "\(verb.rawValue) \(span)"
        case .meeting, .repetition: "\(verb.rawValue) \(number)"
        case .predecessor: "\(verb.rawValue) \(actor) \(number)"
        case .expectation: "\(verb.rawValue) \(expectation.name)"
        }
    }

    /// Why a run with `files` files of at most `limit` bytes cannot carry it out, by an actor whose buffer
    /// holds `largest` bytes; nil if it can. `exchanges` says whether files are made to exchange ranges,
    /// `shares` whether they are made to share extents.
    package func complaint(
        files: Int, limit: UInt64, largest: UInt64, exchanges: Bool, shares: Bool
    ) -> String? {
        if verb.pins && shares {
            return
                "\"\(self)\" pins a page, and what a pinned page of a shared extent shows is not in "
                + "the model; leave fs.reflink out"
        }
        switch verb.shape {
        case .filesystem: return nil
        // Everybody else waits for it at the epoch's end, and who does not come back hangs.
        case .time where nanoseconds > Order.longestPause,
            .hold where nanoseconds > Order.longestPause,
            .ownHold where nanoseconds > Order.longestPause:
            return "\"\(self)\" is longer than \(TimeSpan(nanoseconds: Order.longestPause))"
        case .meeting where number > Order.lastMeeting:
            return "\"\(self)\": the last meeting is \(Order.lastMeeting)"
        case .repetition where !(1...Order.mostRepetitions).contains(number):
            return "\"\(self)\": steps are repeated 1 to \(Order.mostRepetitions) times"
        // What these have to do with other steps is asked of the whole script.
        case .ownHold, .time, .moment, .meeting, .predecessor, .repetition, .expectation:
            return nil
        case .range, .size, .file, .pair, .hold: break
        }
        if let strange = [file, source].first(where: { $0 >= files }) {
            return "\"\(self)\" names f\(strange), and there are \(files) files"
        }
        let ends = [
            offset.addingReportingOverflow(length), sourceOffset.addingReportingOverflow(length),
        ]
        if ends.contains(where: { $0.overflow || $0.partialValue > limit }) {
            return "\"\(self)\" reaches beyond \(ByteSize(bytes: limit)), the files' largest size"
        }
        let hasLength = ![.size, .file].contains(verb.shape)
        if hasLength && length == 0 { return "\"\(self)\" has no length" }
        let page = UInt64(Page.bytes)
        if verb.pins && offset / page != (offset + length - 1) / page {
            return "\"\(self)\" reaches from page to page: one is pinned"
        }
        // A step's values must fit into what a log has left, and private copies are ordinary memory.
        if (verb.reads || verb == .privateStore || verb.holdsCopy) && length > Order.mostRead {
            return "\"\(self)\": \(verb.rawValue) takes at most \(ByteSize(bytes: Order.mostRead))"
        }
        if verb.movesData && length > largest {
            return "\"\(self)\" moves more than the actor's max, \(ByteSize(bytes: largest))"
        }
        if verb == .exchange && !exchanges {
            return "\"\(self)\" needs fs.exchange = true: else the filesystem cannot"
        }
        return nil
    }

    /// In bytes.
    private static let mostRead: UInt64 = 4096

    /// In nanoseconds.
    private static let longestPause: UInt64 = 1_000_000_000

    /// Meetings are numbered from 0.
    package static let lastMeeting: UInt64 = 63

    private static let mostRepetitions: UInt64 = 1_000_000

    private static func span(
        _ words: inout ArraySlice<Substring>, _ text: String
    ) throws(OrderError) -> UInt64 {
        guard let span = words.popFirst().flatMap({ TimeSpan(String($0)) }) else {
            throw OrderError("\"\(text)\" needs a duration such as 5ms")
        }
        return span.nanoseconds
    }

    private static func number(
        _ words: inout ArraySlice<Substring>, _ text: String
    ) throws(OrderError) -> UInt64 {
        guard let number = words.popFirst().flatMap({ UInt64($0) }) else {
            throw OrderError("\"\(text)\" needs a number such as 2")
        }
        return number
    }

    private static func file(_ words: inout ArraySlice<Substring>, _ text: String)
        throws(OrderError)
        -> Int
    {
        guard let word = words.popFirst(), word.first == "f", let number = UInt8(word.dropFirst())
        else { throw OrderError("\"\(text)\" needs a file such as f0") }
        return Int(number)
    }

    private static func bytes(
        _ words: inout ArraySlice<Substring>, _ what: String, _ text: String
    ) throws(OrderError) -> UInt64 {
        guard let size = words.popFirst().flatMap({ ByteSize(String($0)) }) else {
            throw OrderError("\"\(text)\" needs \(what) such as 4KiB")
        }
        guard size.bytes % 8 == 0 else {
            throw OrderError("\"\(text)\": \(size) is not a multiple of a word, 8 bytes")
        }
        return size.bytes
    }
}

/// What is wrong with an order's text.
package struct OrderError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
