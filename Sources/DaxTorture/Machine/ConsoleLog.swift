/// What a machine's kernel printed, as lines.
package struct ConsoleLog: Equatable, Sendable {
    /// The lines in order, without their ends and without empty ones.
    package let lines: [String]

    /// Takes the bytes of a console. They need not be text: a dying kernel may print anything.
    package init(_ bytes: [UInt8]) {
        // Not by Character: to Swift the "\r\n" of a console is one character, and no "\n".
        lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Where the kernel first says that there was no memory left and that it killed a process for it,
    /// or itself; nil where it did not.
    var outOfMemory: Int? {
        lines.firstIndex { line in
            [
                "Out of memory: Killed process",
                "panic - not syncing: System is deadlocked on memory",
            ]
            .contains { line.contains($0) }
        }
    }
}
