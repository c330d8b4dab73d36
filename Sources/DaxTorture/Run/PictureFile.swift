package import DaxHost
import DaxPicture
package import DaxReport
import DaxSystem
import DaxText

/// report.html, the page that a report directory gets.
package enum PictureFile {
    package static let name = "report.html"

    /// How large an episode may be: it has some ten thousand rows.
    private static let limit = 256 << 20

    /// Makes the page of a report and of the episodes in its directory, and returns its path. A file of that
    /// name that is no such page stays.
    @discardableResult
    package static func write(
        _ report: Report, in directory: borrowing Directory
    ) throws -> String {
        let path = directory.path(of: name)
        if directory.contains(name) && !isOurs(path) { throw PictureError.foreign(path) }
        let picture = Picture(of: report, episodes: try episodes(in: directory))
        try directory.replace(name, with: Array(picture.html.utf8))
        return path
    }

    /// Whether a page of ours stands there, of whatever version.
    private static func isOurs(_ path: String) -> Bool {
        guard Files.kind(path) == .regular, let text = try? Files.inputText(path, limit: limit)
        else { return false }
        return text.hasPrefix(Picture.mark)
    }

    private static func episodes(in directory: borrowing Directory) throws -> [Episode] {
        var episodes: [Episode] = []
        while true {
            let name = "episode-\(episodes.count + 1).json"
            guard directory.contains(name) else { return episodes }
            let path = directory.path(of: name)
            do {
                let json = try JSON(Files.input(path, limit: limit))
                episodes.append(try Episode(json: json))
            } catch let error as SystemError {
                throw error
            } catch {
                throw PictureError.episode(path, "\(error)")
            }
        }
    }
}

/// Why there is no page.
package enum PictureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file that the program did not make has the page's name.
    case foreign(String)
    /// What should be an episode is none.
    case episode(String, String)

    package var description: String {
        switch self {
        case .foreign(let path): "\(path): not a page of daxtorture's, and so not replaced"
        case .episode(let path, let reason): "\(path): \(reason)"
        }
    }
}
