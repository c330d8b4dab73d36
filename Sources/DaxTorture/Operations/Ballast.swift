import DaxSystem
import Glibc

/// A file that takes all space of its filesystem, and gives it back.
public final class Ballast {
    private let path: String

    /// Ballast in the directory of the hand's files.
    public init(_ hand: Hand) {
        path = "\(hand.directory)/\(OwnFile.prefix)\(hand.actor).ballast"
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

    /// Frees all of it before this returns: xfs leaves what was only unlinked to the background.
    func drain() throws(SystemError) {
        guard Files.exists(path) else { return }
        _ = try File(path, [.truncate])
        try Files.remove(path)
    }
}
