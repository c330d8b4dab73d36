package import DaxSystem
import Glibc

/// A file that takes the space of its filesystem, all of it or all but some, and gives it back.
package final class Ballast {
    private let directory: String
    private let path: String

    /// Ballast called `name` in `directory`; it is removed with the actors' own files.
    package init(_ name: String, in directory: String) {
        self.directory = directory
        path = "\(directory)/\(ActorContext.ownPrefix)\(name)"
    }

    /// Ballast in the directory of the context's files.
    package convenience init(_ context: ActorContext) {
        self.init("\(context.actor).ballast", in: context.directory)
    }

    /// Allocates until there is nothing left (fallocate(2)), large pieces first.
    func fill() throws(SystemError) {
        let file = try File(path, [.create])
        var offset: UInt64 = 0
        var piece: UInt64 = 1 << 30
        while piece >= 4096 {
            do throws(SystemError) {
                try file.allocate(.allocate, offset: offset, length: piece)
                offset += piece
            } catch {
                guard error.code == ENOSPC else { throw error }
                piece /= 2
            }
        }
    }

    /// Allocates all but `free` bytes, or nothing where there are fewer.
    ///
    /// Throws what fallocate(2) says. What the filesystem needs to remember the extents by comes from
    /// the bytes that are left.
    package func fill(leaving free: UInt64) throws(SystemError) {
        let now = try Filesystem.freeBytes(directory)
        guard now > free else { return }
        try File(path, [.create]).allocate(.allocate, offset: 0, length: now - free)
    }

    /// Frees all of it before this returns: xfs leaves what was only unlinked to the background.
    func drain() throws(SystemError) {
        guard Files.exists(path) else { return }
        _ = try File(path, [.truncate])
        try Files.remove(path)
    }
}
