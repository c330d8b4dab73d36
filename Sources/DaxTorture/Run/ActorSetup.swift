package import DaxActors
import DaxChecks
package import DaxModel
package import DaxOperations
package import DaxSystem

/// What a process has to know of one actor to run it. What others look at meanwhile was made before any process was
/// forked, and lies in memory that all share.
package struct ActorSpec: Sendable {
    package let id: ActorNumber
    /// As messages call it: "writer 2".
    package let name: String
    let role: Role
    let settings: ActorSettings
    /// The number of the process that runs it; 0 is the one that judges.
    package let process: Int
    package let log: Log
    package let progress = ProgressCounter()
    package let status = WorkerStatus()

    package init(
        id: ActorNumber, name: String, role: Role, _ settings: ActorSettings, process: Int, log: Log
    ) {
        (self.id, self.name, self.role, self.settings) = (id, name, role, settings)
        (self.process, self.log) = (process, log)
    }
}

/// What all actors of a run have in common, whatever process they are in.
package struct ActorSetup: Sendable {
    package let stopFlag = StopFlag()
    let seed: UInt64
    let key: StampKey
    let paths: [String]
    /// The largest size of a file, in bytes.
    let limit: UInt64
    /// Whether any mapping may be MAP_SYNC.
    let mapSync: Bool
    let flush: Flush
    /// Whether somebody wants to know what accesses fault in.
    let watches: Bool
    /// Nil where nobody can see what is mapped.
    let frames: FrameCheck?
    /// What the auditor of each file read last.
    let contents: [SharedBuffer]

    /// The files at `paths` have `limit` bytes at most.
    package init(
        seed: UInt64, key: StampKey, paths: [String], limit: UInt64, mapSync: Bool, flush: Flush,
        watches: Bool
    ) {
        self.init(
            seed: seed, key: key, paths: paths, limit: limit, mapSync: mapSync, flush: flush,
            watches: watches, frames: nil)
    }

    init(
        seed: UInt64, key: StampKey, paths: [String], limit: UInt64, mapSync: Bool, flush: Flush,
        watches: Bool, frames: FrameCheck?
    ) {
        (self.seed, self.key, self.paths, self.limit) = (seed, key, paths, limit)
        (self.mapSync, self.flush, self.watches, self.frames) = (mapSync, flush, watches, frames)
        contents = paths.map { _ in SharedBuffer(words: Int(limit / 8)) }
    }

    /// A thread of this process that runs the actor of `spec`; it opens and maps the files for itself. The
    /// long mappings of every third actor are MAP_SYNC.
    func worker(for spec: ActorSpec) throws -> Worker<ActorRunner> {
        try Worker(
            spec.name, status: spec.status,
            make: {
                let files = try paths.enumerated().map {
                    try FileUnderTest(
                        $1, number: FileNumber(index: $0), limit: limit,
                        synchronous: spec.id.rawValue % 3 == 0,
                        mapSync: mapSync, flush: flush)
                }
                spec.log.touch()
                let context = try ActorContext(
                    actor: spec.id, seed: seed, key: key, files: files,
                    words: Int(spec.settings.bytes.upperBound / 8) + 1024, log: spec.log,
                    watch: watches ? FaultWatch() : nil, progress: spec.progress)
                return try ActorRunner(spec.role, spec.settings, context: context)
            }, round: { $0.run(stopFlag, spec.progress) })
    }
}
