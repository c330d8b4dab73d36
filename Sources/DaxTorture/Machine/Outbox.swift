package import DaxHost
import DaxSystem
internal import Synchronization

/// The layout of the memory that guest and host share: a page of header, then frames end to end, and in
/// the last sixteenth what is told again and again (``LatestFile``).
///
/// It is one-way, so that a deterministic machine stays a function of its seed: the guest appends
/// and the host reads. Only on a free machine does the host store one word, the stop request.
enum OutboxLayout {
    /// Stored by the guest when the outbox is open.
    static let magicOffset = 0
    static let magic: UInt64 = 0x3130_584f_4258_4144  // "DAXBOX01"
    /// The number of bytes of frames that are complete; stored by the guest after the bytes.
    static let committedOffset = 8
    /// Stored by the host, on a free machine: not zero asks the guest to end its run.
    static let stopOffset = 64
    static let framesOffset = 4096
    /// The most bytes of frames in a memory of `size` bytes.
    static func framesRoom(of size: Int) -> Int { LatestFile(inOutbox: size).start - framesOffset }
}

/// The guest's end of the one-way road to the host: progress, files, and the last word.
package final class Outbox: Sendable {
    private struct State: ~Copyable {
        let memory: SharedFile
        var written = 0
        var sequence: UInt32 = 0
        var latest: UInt64 = 0

        var free: Int { OutboxLayout.framesRoom(of: memory.size) - written }

        mutating func append(_ frame: Frame) {
            let bytes = frame.encoded(sequence: sequence)
            precondition(bytes.count <= free, "the caller looked at the room first")
            memory.store(bytes.span, at: OutboxLayout.framesOffset + written)
            written += bytes.count
            sequence &+= 1
            memory.publish(UInt64(written), at: OutboxLayout.committedOffset)
        }
    }

    /// Kept back for the last frame, whatever came before.
    private static let reserve = 4096
    private let state: Mutex<State>

    /// Opens the outbox over shared memory that reads as zero.
    package init(over memory: consuming sending SharedFile) {
        memory.publish(OutboxLayout.magic, at: OutboxLayout.magicOffset)
        state = Mutex(State(memory: memory))
    }

    /// The guest is up.
    package func hello(kernel: String) { state.withLock { $0.append(.hello(kernel)) } }

    /// Sends a line of progress; false if it was dropped, since the last eighth of the room is
    /// for files. Longer lines than 64 KiB are cut.
    @discardableResult
    package func progress(_ line: String) -> Bool {
        let text = line.utf8.count <= 1 << 16 ? line : String(line.prefix(1 << 12))
        return state.withLock { state in
            guard state.free > state.memory.size / 8 else { return false }
            state.append(.progress(text))
            return true
        }
    }

    /// Sends a file; false, with nothing sent, if there is no room for all of it.
    ///
    /// `name` can become one in the report directory: letters, digits, '.', '-' and '_' only.
    package func file(_ name: String, _ bytes: [UInt8]) -> Bool {
        precondition(ReportName(name) != nil, "\(name) cannot be a file of a report")
        let chunk = Frame.payloadLimit
        let frames = 2 + (bytes.count + chunk - 1) / chunk
        let needed = frames * Frame.headerSize + name.utf8.count + 8 + bytes.count
        return state.withLock { state in
            guard needed <= state.free - Outbox.reserve else { return false }
            state.append(.fileBegin(name))
            for start in stride(from: 0, to: bytes.count, by: chunk) {
                state.append(.fileBytes(Array(bytes[start..<min(start + chunk, bytes.count)])))
            }
            state.append(.fileEnd(UInt64(bytes.count)))
            return true
        }
    }

    /// Keeps bytes for a host that gets no last frame, in place of those that were kept before. It costs
    /// no room; false, with those before still kept, where they are more than half of the place.
    @discardableResult
    package func keepLatest(_ bytes: [UInt8]) -> Bool {
        state.withLock { state in
            let place = LatestFile(inOutbox: state.memory.size)
            guard bytes.count <= place.room else { return false }
            state.latest += 1
            place.write(bytes, number: state.latest, to: state.memory)
            return true
        }
    }

    /// Sends the last frame: nothing may be sent after it.
    package func finish(status: Int32) { state.withLock { $0.append(.finish(status)) } }

    /// Has the plugin that follows the persistent memory carry out a command; nil if there is none, or it
    /// cannot.
    package func ring(_ command: DoorbellCommand, _ argument: UInt64 = 0, seed: UInt64 = 0)
        -> DoorbellAnswer?
    {
        state.withLock { $0.memory.ring(command, argument, seed: seed) }
    }

    /// Whether the host asked for the run to end. A free machine only: it is outside input.
    package var stopRequested: Bool {
        state.withLock { $0.memory.word(at: OutboxLayout.stopOffset) != 0 }
    }
}

/// A file name that a guest may choose: it cannot leave the report directory, nor hide in it.
package struct ReportName: Hashable, Sendable {
    package let text: String

    /// nil unless it is 1 to 128 letters, digits, '.', '-' and '_', not beginning with '.', and
    /// not a name that the host writes itself.
    package init?(_ text: String) {
        func allowed(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy(allowed),
            text.utf8.first != UInt8(ascii: "."), !ReportName.ofTheHost.contains(text)
        else { return nil }
        self.text = text
    }

    private static let ofTheHost: Set = [
        "console.log", "console-silent.log", "console-kvm.log", "resolved.toml", "host.json",
        "without-dax",
    ]
}
