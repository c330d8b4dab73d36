import DaxHost
import DaxSystem
import Glibc

/// A directory of its own for one test, gone with the value.
package final class Scratch: Sendable {
    package let path: String

    package init(_ function: String = #function) throws {
        let name = function.filter { $0.isLetter || $0.isNumber }
        // The cases of one test run side by side.
        path = "/tmp/daxtorture-test-\(getpid())-\(name)\(Clock.ticks())"
        try Files.makeDirectories(path)
    }

    deinit { _ = try? ChildProcess.run(["/bin/rm", "-rf", path], seconds: 60) }

    /// Writes a file, and makes the directories that its name asks for.
    package func write(_ name: String, _ bytes: [UInt8]) throws {
        let file = "\(path)/\(name)"
        if let slash = file.lastIndex(of: "/") {
            try Files.makeDirectories(String(file[..<slash]))
        }
        try Files.replace(file, with: bytes)
    }
}
