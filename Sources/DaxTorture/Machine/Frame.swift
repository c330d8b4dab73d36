/// One message from the guest to the host.
///
/// On the wire: four little-endian 32-bit numbers (magic, kind, sequence from 0, length of the
/// payload), then the payload. A guest whose memory is being broken on purpose may write anything
/// here, so that the decoder believes nothing it has not checked.
package enum Frame: Equatable, Sendable {
    /// The guest is up; its kernel's release.
    case hello(String)
    /// A line for a human, or for the program that shows it.
    case progress(String)
    /// What follows, up to `fileEnd`, is a file of this name.
    case fileBegin(String)
    /// The next bytes of the file.
    case fileBytes([UInt8])
    /// The file is complete and this many bytes long.
    case fileEnd(UInt64)
    /// The last frame: the run is over, with this status.
    case finish(Int32)

    static let headerSize = 16
    static let magic: UInt32 = 0x5246_5844  // "DXFR"

    /// The longest payload: a longer one is a broken frame, not a request for memory.
    package static let payloadLimit = 1 << 20

    var kind: UInt32 {
        switch self {
        case .hello: 1
        case .progress: 2
        case .fileBegin: 3
        case .fileBytes: 4
        case .fileEnd: 5
        case .finish: 6
        }
    }

    var payload: [UInt8] {
        switch self {
        case .hello(let text), .progress(let text), .fileBegin(let text): Array(text.utf8)
        case .fileBytes(let bytes): bytes
        case .fileEnd(let size): littleEndian(size)
        case .finish(let status): littleEndian(UInt32(bitPattern: status))
        }
    }

    /// The frame as it goes over the wire.
    package func encoded(sequence: UInt32) -> [UInt8] {
        let payload = payload
        precondition(payload.count <= Frame.payloadLimit, "a frame beyond the limit")
        var bytes = littleEndian(Frame.magic)
        bytes.reserveCapacity(Frame.headerSize + payload.count)
        bytes += littleEndian(kind)
        bytes += littleEndian(sequence)
        bytes += littleEndian(UInt32(payload.count))
        bytes += payload
        return bytes
    }
}

/// What is wrong with a stream of frames; after it nothing of the stream can be believed.
package enum FrameError: Error, Equatable, Sendable {
    case badMagic(UInt32)
    case unknownKind(UInt32)
    case outOfSequence(expected: UInt32, found: UInt32)
    case tooLong(UInt32)
    case badPayload(kind: UInt32)
}

/// Makes frames of a stream of bytes that arrives in arbitrary pieces.
package struct FrameDecoder: Sendable {
    private var pending: [UInt8] = []
    private var position = 0
    private var sequence: UInt32 = 0

    package init() {}

    /// Bytes that belong to a frame which is not complete yet.
    package var pendingBytes: Int { pending.count - position }

    /// Takes the next bytes of the stream.
    package mutating func append(_ bytes: [UInt8]) {
        pending.removeFirst(position)
        position = 0
        pending += bytes
    }

    /// The next complete frame; nil until more bytes have come.
    package mutating func next() throws(FrameError) -> Frame? {
        guard pendingBytes >= Frame.headerSize else { return nil }
        func field(_ index: Int) -> UInt32 {
            UInt32(littleEndian: pending[(position + 4 * index)...].prefix(4))
        }
        guard field(0) == Frame.magic else { throw .badMagic(field(0)) }
        guard (1...6).contains(field(1)) else { throw .unknownKind(field(1)) }
        guard field(2) == sequence else {
            throw .outOfSequence(expected: sequence, found: field(2))
        }
        guard field(3) <= Frame.payloadLimit else { throw .tooLong(field(3)) }
        let kind = field(1)
        let end = position + Frame.headerSize + Int(field(3))
        guard end <= pending.count else { return nil }
        let payload = pending[(position + Frame.headerSize)..<end]
        guard let frame = Frame(kind: kind, payload: payload) else { throw .badPayload(kind: kind) }
        position = end
        sequence &+= 1
        return frame
    }
}

extension Frame {
    fileprivate init?(kind: UInt32, payload: ArraySlice<UInt8>) {
        switch kind {
        case 1, 2, 3:
            guard let text = String(validating: payload, as: UTF8.self) else { return nil }
            self = kind == 1 ? .hello(text) : kind == 2 ? .progress(text) : .fileBegin(text)
        case 4: self = .fileBytes(Array(payload))
        case 5 where payload.count == 8: self = .fileEnd(UInt64(littleEndian: payload))
        case 6 where payload.count == 4:
            self = .finish(Int32(bitPattern: UInt32(littleEndian: payload)))
        default: return nil
        }
    }
}

/// The bytes of a number, lowest first.
func littleEndian<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> (8 * Number($0))) }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// The number that these bytes spell, lowest first.
    init(littleEndian bytes: some Collection<UInt8>) {
        self = 0
        for (index, byte) in bytes.enumerated() { self |= Self(byte) << (8 * Self(index)) }
    }
}
