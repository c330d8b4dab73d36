package import DaxModel
package import DaxOperations
package import DaxSystem

/// The context of actor 3 with a file under test of 1 MiB on the host: what it does to files of its own
/// needs no DAX, and the host's kernel is sound.
package struct LoneContext {
    package static let limit: UInt64 = 1 << 20
    package let key = StampKey(seed: 7)
    package let context: ActorContext
    private let scratch: Scratch

    package init(
        _ name: String, words: Int = 64, values: Int = 64, progress: ProgressCounter? = nil
    ) throws {
        try Mapping.guardAccess()
        scratch = try Scratch("\(name)\(Clock.ticks())")
        let path = "\(scratch.path)/file0"
        try File(path, [.create, .exclusive]).truncate(to: Self.limit)
        context = try ActorContext(
            actor: 3, seed: 7, key: key,
            files: [FileUnderTest(path, number: 0, limit: Self.limit)], words: words,
            log: Log(records: 400, values: values), progress: progress)
    }
}
