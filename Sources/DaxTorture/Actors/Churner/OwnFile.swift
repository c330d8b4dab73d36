import DaxModel
import DaxOperations
import DaxSystem

/// A file that an actor made for itself: nobody else touches it, so that each of its words must
/// hold what was stored there last, or zero.
///
/// It stays mapped for as long as it lives, whatever becomes of its names.
final class OwnFile {
    /// The name that it was made by, which messages call it.
    let name: String
    /// The paths that name it now; none after the last was unlinked.
    var paths: [String]
    let number: FileNumber
    let file: File
    let mapping: Mapping
    var expected: Buffer
    /// The latest operations that gave the file's words what they hold, oldest first.
    private var events: [Record] = []

    /// Makes a file of `pages` pages, all zero, with blocks for them or without, and maps it.
    init(_ path: String, name: String, number: FileNumber, pages: UInt64, allocate: Bool)
        throws(SystemError)
    {
        self.name = name
        self.number = number
        paths = [path]
        file = try File(path, [.create, .exclusive])
        let bytes = pages * UInt64(Page.bytes)
        try file.truncate(to: bytes)
        if allocate { try file.allocate(.allocate, offset: 0, length: bytes) }
        mapping = try Mapping(file, offset: 0, bytes: Int(bytes), sharing: .shared)
        expected = Buffer(words: mapping.count)
    }

    /// The file's length in words.
    var words: Int { mapping.count }

    /// Remembers a store into the file, or what emptied it, for a finding to tell of.
    func remember(_ record: Record) {
        if events.count == OwnFile.remembered { events.removeFirst() }
        events.append(record)
    }

    private static let remembered = 32

    /// The remembered operations that wrote any of `values`, in order of time: zero is what the
    /// last emptying wrote.
    func events(behind values: [UInt64], actor: ActorNumber) -> [Record] {
        let stamps = values.map(Stamp.init(rawValue:)).filter { $0.actor == actor }
        let emptied = values.contains(0) ? events.lastIndex { $0.kind == .create } : nil
        return events.indices.filter { index in
            index == emptied
                || events[index].kind == .ownStore
                    && stamps.contains { $0.sequence == events[index].reference }
        }.map { events[$0] }
    }

    /// Empties the file by way of a name (O_TRUNC), and gives it its size again: all is zero then.
    func empty(_ path: String) throws(SystemError) {
        _ = try File(path, [.truncate])
        try file.truncate(to: UInt64(words) * 8)
    }
}
