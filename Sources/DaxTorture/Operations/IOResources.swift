import DaxModel
package import DaxSystem

/// What an actor needs to read and write by every call: descriptors of each sort, rings with
/// registered files and memory, memory that faults, and a pipe.
package final class IOResources {
    /// The memory that both rings have registered.
    package var fixed = Buffer(words: IOResources.fixedWords)
    /// A ring of its own, and one that a thread of the kernel polls, where that is allowed.
    package let rings: [RegisteredRing]
    /// Why there is no polled ring, if there is none.
    package let refusal: SystemError?
    /// A page, and one behind it that cannot be reached.
    package var guardPage: Buffer
    package let pipe: Pipe
    private let descriptors: [[OpenFile]]

    /// Words of the registered memory.
    package static let fixedWords = 4096

    package init(_ files: [FileUnderTest], depth: Int) throws(SystemError) {
        var descriptors: [[OpenFile]] = []
        for file in files {
            var sorts: [OpenFile] = []
            for way in CallWay.allCases { sorts.append(try OpenFile(file.file.path, way)) }
            descriptors.append(sorts)
        }
        self.descriptors = descriptors
        guardPage = try Buffer(pagesBeforeGuard: 1)
        pipe = try Pipe()
        let numbers = files.map { $0.file.descriptor }
        let plain = try RegisteredRing(Ring(depth: depth))
        try plain.ring.register(files: numbers, fixed)
        var refused: SystemError?
        var all = [plain]
        do throws(SystemError) {
            let polled = try RegisteredRing(Ring(depth: depth, polled: true))
            try polled.ring.register(files: numbers, fixed)
            all.append(polled)
        } catch { refused = error }
        rings = all
        refusal = refused
    }

    package func open(_ file: FileUnderTest, _ way: CallWay) -> OpenFile {
        descriptors[file.number.index][Int(way.rawValue)]
    }
}

/// How a descriptor was opened.
package enum CallWay: UInt8, CaseIterable, Sendable {
    case plain
    /// O_DIRECT.
    case direct
    /// O_SYNC.
    case synchronous
}

/// A descriptor of its own for a file under test.
package final class OpenFile {
    package let file: File

    package init(_ path: String, _ way: CallWay) throws(SystemError) {
        file =
            switch way {
            case .plain: try File(path)
            case .direct: try File(path, .direct)
            case .synchronous: try File(path, .synchronous)
            }
    }
}

/// A ring that knows files and memory by number.
package final class RegisteredRing {
    package var ring: Ring

    package init(_ ring: consuming Ring) { self.ring = ring }
}
