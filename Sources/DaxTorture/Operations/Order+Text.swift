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
        case .time:
            guard let span = words.popFirst().flatMap({ TimeSpan(String($0)) }) else {
                throw OrderError("\"\(text)\" needs a duration such as 5ms")
            }
            nanoseconds = span.nanoseconds
        }
        if let more = words.first {
            throw OrderError("\"\(text)\" says more than \(verb.rawValue) takes: \"\(more)\"")
        }
    }

    package var description: String {
        func size(_ bytes: UInt64) -> String { "\(ByteSize(bytes: bytes))" }
        return switch verb.shape {
        case .range: "\(verb.rawValue) f\(file) \(size(offset)) \(size(length))"
        case .size: "\(verb.rawValue) f\(file) \(size(offset))"
        case .file: "\(verb.rawValue) f\(file)"
        case .pair:
            "\(verb.rawValue) f\(file) \(size(offset)) f\(source) \(size(sourceOffset)) \(size(length))"
        case .filesystem: verb.rawValue
        case .time: "\(verb.rawValue) \(TimeSpan(nanoseconds: nanoseconds))"
        }
    }

    /// Why a run with `files` files of at most `limit` bytes cannot carry it out, by an actor whose buffer
    /// holds `largest` bytes; nil if it can. `exchanges` says whether files are made to exchange ranges.
    package func complaint(
        files: Int, limit: UInt64, largest: UInt64, exchanges: Bool
    ) -> String? {
        switch verb.shape {
        case .filesystem: return nil
        // Everybody else waits for it at the epoch's end, and who does not come back hangs.
        case .time where nanoseconds > Order.longestPause:
            return "\"\(self)\" is longer than \(TimeSpan(nanoseconds: Order.longestPause))"
        case .time: return nil
        case .range, .size, .file, .pair: break
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
        let hasLength = verb.shape == .range || verb.shape == .pair
        if hasLength && length == 0 { return "\"\(self)\" has no length" }
        // A step's values must fit into what a log has left, and private copies are ordinary memory.
        if (verb.reads || verb == .privateStore) && length > Order.mostRead {
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
