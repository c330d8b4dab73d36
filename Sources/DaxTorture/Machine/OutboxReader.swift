internal import DaxHost
internal import DaxSystem

/// The host's end of the outbox: reads what the guest committed, and tells of it.
///
/// A file is handed on once it is whole, and in memory: what the guest knew must not depend on whether
/// a disk of the host's has room for it.
struct OutboxReader: ~Copyable {
    /// What a frame means to whoever waits for the guest.
    enum Event: Equatable {
        case hello(kernel: String)
        case progress(String)
        case file(name: String, bytes: [UInt8])
        case finished(Int32)
    }

    private let memory: SharedFile
    private var taken = 0
    private var decoder = FrameDecoder()
    private var file: OpenFile?

    private struct OpenFile {
        var name: ReportName
        var bytes: [UInt8] = []
    }

    init(over memory: consuming SharedFile) { self.memory = memory }

    /// Asks the guest to end its run. Never on a deterministic machine.
    func requestStop() { memory.publish(1, at: OutboxLayout.stopOffset) }

    /// Takes all that is committed, and hands each event on. Throws a reason when the stream is
    /// broken; what came before it stands.
    mutating func poll(_ handle: (Event) -> Void) throws(OutboxFailure) {
        guard memory.word(at: OutboxLayout.magicOffset) == OutboxLayout.magic else { return }
        let committed = memory.word(at: OutboxLayout.committedOffset)
        let room = OutboxLayout.framesRoom(of: memory.size)
        guard committed <= UInt64(room), committed >= UInt64(taken) else {
            throw .brokenStream("\(committed) bytes committed of \(room), \(taken) taken")
        }
        while taken < Int(committed) {
            let step = min(Int(committed) - taken, 4 << 20)
            let start = OutboxLayout.framesOffset + taken
            decoder.append(memory.load(start..<start + step))
            taken += step
            while let frame = try nextFrame() {
                if let event = try act(on: frame) { handle(event) }
            }
        }
    }

    /// What the guest kept last. To be asked when nobody writes any more.
    var latest: [UInt8]? { LatestFile(inOutbox: memory.size).read(from: memory) }

    private mutating func nextFrame() throws(OutboxFailure) -> Frame? {
        do throws(FrameError) { return try decoder.next() } catch {
            throw .brokenStream("\(error)")
        }
    }

    private mutating func act(on frame: Frame) throws(OutboxFailure) -> Event? {
        switch frame {
        case .hello(let kernel): return .hello(kernel: kernel)
        case .progress(let line): return .progress(line)
        case .finish(let status): return .finished(status)
        case .fileBegin(let text):
            guard file == nil else { throw .brokenStream("a file within a file") }
            guard let name = ReportName(text) else {
                throw .brokenStream("a file may not be called \(text.debugDescription)")
            }
            file = OpenFile(name: name)
            return nil
        case .fileBytes(let bytes):
            guard file != nil else { throw .brokenStream("bytes of no file") }
            file?.bytes += bytes
            return nil
        case .fileEnd(let size):
            guard let file, file.bytes.count == size else {
                throw .brokenStream("a file's end does not fit its bytes")
            }
            self.file = nil
            return .file(name: file.name.text, bytes: file.bytes)
        }
    }
}

/// Why the outbox cannot be read on.
enum OutboxFailure: Error {
    /// The guest wrote something that is no frame.
    case brokenStream(String)
}
