import DaxHost
import DaxSystem
import DaxText

/// A git tree with something checked out.
package struct GitTree: Sendable {
    private let git: String
    private let directory: String

    /// Throws where there is no git, or no tree of it in `directory`.
    package init(_ directory: String = ".") throws {
        guard let git = ChildProcess.find("git") else { throw KernelsError("there is no git") }
        (self.git, self.directory) = (git, directory)
        _ = try call("rev-parse", "--is-inside-work-tree")
    }

    /// Runs git to its end, and returns what it wrote to stdout; where it fails, what it said is thrown.
    @discardableResult
    func call(_ arguments: String..., mayFailWith status: Int32 = 0) throws -> String {
        let run = try ChildProcess.run(
            [git, "-C", directory] + arguments, guarded: true, seconds: 3600)
        let output = String(decoding: run.output, as: UTF8.self)
        switch run.exit {
        case .exited(0), .exited(status): return output
        case nil: throw KernelsError("git \(arguments[0]) was interrupted")
        case .exited, .killed:
            let said = (run.error + output).split(separator: "\n").first ?? "it said nothing"
            throw KernelsError(
                "git \(arguments.joined(separator: " ")): \(Layout.oneLine(String(said)))")
        }
    }

    /// A commit's short name.
    func commit(_ revision: String) throws -> String {
        let name = try call("rev-parse", "--verify", "--short=12", "\(revision)^{commit}")
        return String(name.prefix { $0 != "\n" })
    }

    /// A commit's short name and the first line of its message.
    package func title(of commit: String) throws -> String {
        String(try call("log", "-1", "--format=%h %s", commit).prefix { $0 != "\n" })
    }

    /// Puts a commit into the work tree, on no branch, if it is not there.
    package func checkOut(_ commit: String) throws {
        if try self.commit("HEAD") != commit { try call("checkout", "-q", "--detach", commit) }
    }

    /// Ends the bisection that ``GitHistory`` began: what was checked out before is so again. Returns its log.
    package func endBisection() throws -> String {
        let log = try call("bisect", "log")
        try call("bisect", "reset")
        return log
    }
}

/// The commits between two of a git tree, of which `git bisect` says the next.
package struct GitHistory: KernelHistory {
    package let goodEnd: String
    package let badEnd: String
    private let tree: GitTree
    private var isBegun = false
    package private(set) var suspects: [String] = []

    /// Begins a bisection of git's, without a verdict yet: where that cannot be, nothing was changed.
    package init(_ tree: GitTree, good: String, bad: String) throws {
        self.tree = tree
        (goodEnd, badEnd) = (try tree.commit(good), try tree.commit(bad))
        guard goodEnd != badEnd else { throw KernelsError("\(good) and \(bad) are one commit") }
        // It fails where none is under way.
        if (try? tree.call("bisect", "log")) != nil {
            throw KernelsError("a bisection is under way here; git bisect reset ends it")
        }
        try tree.call("bisect", "start")
    }

    package mutating func next() throws -> String? {
        if !isBegun {
            try tree.call("bisect", "bad", badEnd)
            try tree.call("bisect", "good", goodEnd)
            isBegun = true
        }
        let log = try tree.call("bisect", "log").split(separator: "\n")
        suspects = try log.compactMap { line in
            for mark in ["# first bad commit: [", "# possible first bad commit: ["]
            where line.hasPrefix(mark) {
                return try tree.commit(String(line.dropFirst(mark.count).prefix { $0 != "]" }))
            }
            return nil
        }
        return suspects.isEmpty ? try tree.commit("HEAD") : nil
    }

    /// Where branches meet a verdict may tell of less than half of them.
    package var verdictsLeft: Int {
        get throws {
            let count = try tree.call(
                "rev-list", "--count", "refs/bisect/bad", "--not", "--glob=refs/bisect/good-*")
            let open = Int(count.prefix { $0 != "\n" }) ?? 1
            return Int.bitWidth - open.leadingZeroBitCount
        }
    }

    /// Git ends with 2 where none is left that could be tested, whatever the verdict.
    package mutating func take(_ verdict: KernelVerdict, of kernel: String) throws {
        switch verdict {
        case .good: try tree.call("bisect", "good", kernel, mayFailWith: 2)
        case .bad: try tree.call("bisect", "bad", kernel, mayFailWith: 2)
        case .untestable: try tree.call("bisect", "skip", kernel, mayFailWith: 2)
        }
    }
}
