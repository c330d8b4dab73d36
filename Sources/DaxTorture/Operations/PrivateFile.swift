package import DaxModel
package import DaxSystem

/// A file that one actor alone knows, and that nothing maps but for an instant.
///
/// The files under test are always mapped by somebody. This one has no name, two pages at most,
/// and is empty between two steps, so that every epoch begins with nothing in it.
package final class PrivateFile {
    /// The file's number in stamps and records, which no file under test has.
    package let number: FileNumber
    package let file: File

    /// Words that a private file has at most.
    package static let words = 2 * Page.words

    /// The number of actor `actor`'s private file, where there are `files` files under test.
    package static func number(of actor: ActorNumber, files: Int) -> FileNumber {
        FileNumber(index: files + actor.index)
    }

    /// Makes the file beside `path` and takes its name away.
    package init(beside path: String, actor: ActorNumber, files: Int) throws(SystemError) {
        number = PrivateFile.number(of: actor, files: files)
        let name = "\(path).pin\(actor)"
        file = try File(name, [.create, .exclusive])
        try Files.remove(name)
    }
}
