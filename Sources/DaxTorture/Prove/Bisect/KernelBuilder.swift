import DaxHost
import DaxSystem

/// Builds the kernel of the tree that the program works in, by a user's command.
package final class KernelBuilder {
    private let tree: GitTree?
    private let command: [String]
    private let image: String
    private let directory: String
    /// The commit of which the kernel is there.
    private var built: String?

    /// The command, whose name is found in PATH, leaves `image`; what it says goes to KERNEL/build.log in
    /// `directory`. Without a tree what is to be built is checked out already.
    package init(_ command: [String], image: String, directory: String, in tree: GitTree?) throws {
        guard let program = command.first.flatMap(ChildProcess.find) else {
            throw KernelsError("there is no program \(command.first ?? "") to build with")
        }
        self.command = [program] + command.dropFirst()
        (self.image, self.directory, self.tree) = (image, directory, tree)
    }

    /// Builds a commit's kernel if that is not the last one that was built; nil, or what is in the way of
    /// running it. What it started ends with it.
    package func build(_ commit: String, isStopped: () -> Bool) throws -> Bisector.Answer? {
        if built == commit { return nil }
        built = nil
        try tree?.checkOut(commit)
        // What lies there is another commit's.
        if Files.kind(image) == .regular { try Files.remove(image) }
        let place = "\(directory)/\(commit)"
        try Files.makeDirectories(place)
        let log = try HostFile.creating("\(place)/build.log", replacing: true)
        var child = try ChildProcess(
            command, environment: ChildProcess.environment, output: log, error: log, guarded: true)
        while try child.wait(milliseconds: 300) == nil {
            if isStopped() { return .interrupted }
        }
        // It may have got the signal as well.
        if isStopped() { return .interrupted }
        guard child.exit == .exited(0) else {
            return .obstacle("\(command[0]) failed (\(place)/build.log)")
        }
        guard Files.kind(image) == .regular else {
            return .obstacle("\(command[0]) left no \(image)")
        }
        built = commit
        return nil
    }
}
