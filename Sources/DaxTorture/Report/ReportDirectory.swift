public import DaxSystem
internal import DaxText

/// A report directory that this process alone writes into: locked from opening to the value's end.
///
/// The lock is flock(2)'s on the directory itself, so it leaves no file behind and ends with the
/// process, however that ends.
public struct ReportDirectory: ~Copyable {
    /// As it was given.
    public let path: String
    private let directory: ByteFile
    private let isNew: Bool

    /// The files by which a directory is known to hold a report, or what is left of one.
    public static let files = ["report.json", "host.json", "resolved.toml", "console.log"]

    /// Opens `path`, making the directory if it is absent; its parent must be there.
    public init(_ path: String) throws(ReportDirectoryError) {
        let isNew = try ReportDirectory.make(path)
        let directory = try ReportDirectory.open(path)
        try ReportDirectory.lock(directory)
        for file in ReportDirectory.files where Files.exists("\(path)/\(file)") {
            throw .holdsReport(path, file)
        }
        self.path = path
        self.directory = directory
        self.isNew = isNew
    }

    /// The first of `daxtorture-report`, `daxtorture-report-2`, ... in the working directory that
    /// nothing is called yet.
    public static func defaultPath() -> String {
        let base = "daxtorture-report"
        var path = base
        var number = 2
        while Files.exists(path) {
            path = "\(base)-\(number)"
            number += 1
        }
        return path
    }

    /// The path of a file in it.
    public func path(of file: String) -> String { "\(path)/\(file)" }

    /// Writes a file in one step.
    public func write(_ bytes: [UInt8], as file: String) throws(SystemError) {
        try Files.replace(self.path(of: file), with: bytes)
    }

    public func write(_ report: Report) throws(SystemError) {
        try write(Array(report.json.text.utf8), as: "report.json")
    }

    public func write(_ figures: HostFigures) throws(SystemError) {
        try write(Array(figures.json.text.utf8), as: "host.json")
    }

    /// Gives the directory up; one that this value made, and nobody put anything into, goes too.
    public consuming func discard() {
        if isNew { try? Files.removeDirectory(path) }
    }

    private static func open(_ path: String) throws(ReportDirectoryError) -> ByteFile {
        do {
            return try ByteFile(directory: path)
        } catch {
            throw .refused(error)
        }
    }

    private static func lock(_ directory: borrowing ByteFile) throws(ReportDirectoryError) {
        let isOurs: Bool
        do {
            isOurs = try directory.lock()
        } catch {
            throw .refused(error)
        }
        if !isOurs { throw .inUse(directory.path) }
    }

    /// Makes the directory; false when there is one already.
    private static func make(_ path: String) throws(ReportDirectoryError) -> Bool {
        switch Files.kind(path) {
        case .directory: return false
        case nil: break
        default: throw .notADirectory(path)
        }
        do {
            try Files.makeDirectory(path)
            return true
        } catch {
            let parent = path.parent
            switch Files.kind(parent) {
            case .directory: throw .refused(error)
            case nil: throw .noParent(path, parent)
            default: throw .notADirectory(parent)
            }
        }
    }
}

/// Why a directory cannot take a report; nothing was changed then.
public enum ReportDirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process has it locked.
    case inUse(String)
    /// It holds the named file of an earlier report.
    case holdsReport(String, String)
    case notADirectory(String)
    /// The directory that would hold it is absent.
    case noParent(String, String)
    case refused(SystemError)

    public var description: String {
        switch self {
        case .inUse(let path): "report directory \(path): in use by another run"
        case .holdsReport(let path, let file):
            "report directory \(path): holds a report already (\(file)); name another"
        case .notADirectory(let path): "report directory: \(path) is not a directory"
        case .noParent(let path, let parent):
            "report directory \(path): there is no directory \(parent) to make it in"
        case .refused(let error): "report directory: \(error)"
        }
    }
}

extension String {
    /// The path of the directory that this path's last name is in, as dirname(1) would say.
    fileprivate var parent: String {
        var path = self[...]
        while path.hasSuffix("/") { path.removeLast() }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
