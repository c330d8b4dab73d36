internal import DaxSystem

/// The host's end of the outbox: reads what the guest committed, writes its files, tells the rest.
struct OutboxReader: ~Copyable {
    /// What a frame means to whoever waits for the guest.
    enum Event: Equatable {
        case hello(kernel: String)
        case progress(String)
        case file(name: String, size: Int)
        case finished(Int32)
    }

    private let memory: SharedFile
    private let directory: String
    private var taken = 0
    private var decoder = FrameDecoder()
    private var file: OpenFile?

    private struct OpenFile {
        var name: ReportName
        var size = 0
    }
    private var output: HostFile?

    /// Reads `memory` and writes files into `directory`, which exists.
    init(over memory: consuming SharedFile, writingTo directory: String) {
        self.memory = memory
        self.directory = directory
    }

    /// Asks the guest to end its run. Never on a deterministic machine.
    func requestStop() { memory.publish(1, at: OutboxLayout.stopOffset) }

    /// Takes all that is committed, and hands each event on. Throws a reason when the stream is
    /// broken; what came before it stands.
    mutating func poll(_ handle: (Event) -> Void) throws(OutboxFailure) {
        guard memory.word(at: OutboxLayout.magicOffset) == OutboxLayout.magic else { return }
        let committed = memory.word(at: OutboxLayout.committedOffset)
        let room = memory.size - OutboxLayout.framesOffset
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
            output = try written { () throws(SystemError) in
                try HostFile.creating(partial(name), replacing: true)
            }
            return nil
        case .fileBytes(let bytes):
            guard file != nil else { throw .brokenStream("bytes of no file") }
            file?.size += bytes.count
            try write(bytes)
            return nil
        case .fileEnd(let size):
            guard let file, file.size == size else {
                throw .brokenStream("a file's end does not fit its bytes")
            }
            self.file = nil
            output = nil
            try written { () throws(SystemError) in
                try Files.rename(partial(file.name), to: "\(directory)/\(file.name.text)")
            }
            return .file(name: file.name.text, size: file.size)
        }
    }

    /// A file that is still coming, or was cut off, is never mistaken for a whole one.
    private func partial(_ name: ReportName) -> String { "\(directory)/\(name.text).part" }

    private func write(_ bytes: [UInt8]) throws(OutboxFailure) {
        do throws(SystemError) { try output?.write(bytes.span) } catch { throw .host(error) }
    }

    private func written<Result: ~Copyable>(
        _ body: () throws(SystemError) -> Result
    ) throws(OutboxFailure) -> Result {
        do throws(SystemError) { return try body() } catch { throw .host(error) }
    }
}

/// Why the outbox cannot be read on.
enum OutboxFailure: Error {
    /// The guest wrote something that is no frame.
    case brokenStream(String)
    /// The host could not write a file.
    case host(SystemError)
}
