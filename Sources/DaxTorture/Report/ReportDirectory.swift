package import DaxHost
package import DaxSystem
internal import DaxText
internal import Synchronization

/// A report directory that this process alone writes into: locked from opening to the value's end.
///
/// The lock is flock(2)'s on the directory itself, so it leaves no file behind and ends with the
/// process, however that ends. Files are made in the directory that was opened, whatever its path
/// leads to by then.
package struct ReportDirectory: ~Copyable {
    /// The directory itself.
    package let held: Directory
    private let isNew: Bool
    private let complaints = Mutex<[String]>([])

    /// The directory's path as it was given.
    package var path: String { held.path }

    /// The files by which a directory is known to hold a report, or what is left of one.
    package static let files = ["report.json", "host.json", "resolved.toml", "console.log"]

    /// Opens `path`, making the directory if it is absent; its parent must be there.
    package init(_ path: String) throws(ReportDirectoryError) {
        let isNew = try ReportDirectory.make(path)
        let held: Directory
        do {
            held = try Directory(path, followingLink: !isNew)
        } catch {
            throw .refused(error)
        }
        try self.init(held, isNew: isNew)
    }

    /// Opens the directory of that name in another report's directory, making it if it is absent.
    package init(_ name: String, in parent: borrowing ReportDirectory) throws(ReportDirectoryError)
    {
        let held: Directory
        do {
            held = try Directory(making: name, in: parent.held)
        } catch {
            throw .refused(error)
        }
        try self.init(held, isNew: false)
    }

    private init(_ held: consuming Directory, isNew: Bool) throws(ReportDirectoryError) {
        try ReportDirectory.lock(held)
        for file in ReportDirectory.files where held.contains(file) {
            throw .holdsReport(held.path, file)
        }
        self.held = held
        self.isNew = isNew
    }

    /// The first of `daxtorture-report`, `daxtorture-report-2`, ... in the working directory that
    /// nothing is called yet.
    package static func defaultPath() -> String {
        let base = "daxtorture-report"
        var path = base
        var number = 2
        while Files.exists(path) {
            path = "\(base)-\(number)"
            number += 1
        }
        return path
    }

    /// Writes a file in one step.
    package func write(_ bytes: [UInt8], as file: String) throws(SystemError) {
        try held.replace(file, with: bytes)
    }

    /// Writes a file in one step, or notes why that was not possible: what is known by then must not be
    /// lost for it.
    package func keep(_ bytes: [UInt8], as file: String) {
        do { try write(bytes, as: file) } catch { note("\(error)") }
    }

    package func keep(_ report: Report) { keep(Array(report.json.text.utf8), as: "report.json") }

    package func keep(_ figures: HostFigures) {
        keep(Array(figures.json.text.utf8), as: "host.json")
    }

    /// Why something is missing from the directory, a line each: to be told once the verdict is.
    package var missing: [String] { complaints.withLock { $0 } }

    /// Adds to `missing`.
    package func note(_ complaint: String) { complaints.withLock { $0.append(complaint) } }

    /// Gives the directory up; one that this value made, and nobody put anything into, goes too.
    package consuming func discard() {
        if isNew && held.isAtItsPath { try? Files.removeDirectory(path) }
    }

    private static func lock(_ directory: borrowing Directory) throws(ReportDirectoryError) {
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
            let parent = Files.parent(of: path)
            switch Files.kind(parent) {
            case .directory: throw .refused(error)
            case nil: throw .noParent(path, parent)
            default: throw .notADirectory(parent)
            }
        }
    }
}

/// Why a directory cannot take a report; nothing was changed then.
package enum ReportDirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process has the directory locked.
    case inUse(String)
    /// The directory holds the named file of an earlier report.
    case holdsReport(String, String)
    case notADirectory(String)
    /// The directory in which the report directory would be made is absent.
    case noParent(String, String)
    case refused(SystemError)

    package var description: String {
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
