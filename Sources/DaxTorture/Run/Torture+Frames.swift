import DaxActors
import DaxChecks
import DaxConfig
import DaxDevices
import DaxModel
import DaxOperations
import DaxOracle
import DaxSystem

extension Torture {
    /// Finds out whether page frames can be judged here (R12).
    func watchFrames() {
        // Without DAX it is the page cache that mappings reach, not the device.
        guard config.oracle.check && config.fs.dax != .never else { return }
        guard config.oracle.frames != .off else { return }
        do {
            frames = try FrameCheck(
                directory: directory, strict: config.oracle.frames == .strict
            ) { device in
                switch Device.memory(of: device) {
                case .known(let memory): return memory
                case .absent(let reason): throw FrameCheck.Unknown(description: reason)
                }
            }
        } catch {
            builder.note("page frames (\(Rule.physical.name)) are not judged: \(error)")
        }
    }

    /// Whether what `members` of the pool and the auditors have mapped are the files' own blocks (R12). No
    /// actor is at work, and a filesystem moves nothing by itself.
    func checkFrames(of members: [PoolMember], in pool: ActorPool, _ audits: [Worker<Audit>]) {
        guard let frames else { return }
        do {
            try check(frames, of: members, in: pool, audits)
        } catch {
            // Others say what is wrong with a filesystem that does not answer any more.
            self.frames = nil
            builder.note("page frames (\(Rule.physical.name)) were not judged any more: \(error)")
        }
    }

    private func check(
        _ frames: FrameCheck, of members: [PoolMember], in pool: ActorPool,
        _ audits: [Worker<Audit>]
    ) throws {
        let formatter = builder.formatter(pool)
        let blocks = try audits.map { audit in
            try audit.withValue { try frames.blocks(of: $0.auditor.file.file) }
        }
        for (number, file) in files.enumerated() {
            var misplaced = MisplacedPages()
            for member in members {
                let located = try member.host.locate(
                    member.id, file: number, by: frames, blocks[number])
                misplaced.add(
                    located.long.found, shows: located.long.shows,
                    mapping: "\(member.name)'s mapping")
                misplaced.add(
                    located.short.found, shows: located.short.shows,
                    mapping: "\(member.name)'s short mapping")
            }
            let own = try audits[number].withValue {
                let view = $0.auditor.file
                return try frames.judge(view.long, of: view.file, with: blocks[number])
            }
            misplaced.add(own.pages, shows: own.shows, mapping: "the auditor's mapping")
            builder.add(
                misplaced, file: file.name,
                owner: { frame in
                    zip(files, blocks).lazy.compactMap { file, blocks in
                        blocks.page(in: frame).map {
                            "\(file.name)'s at offset \($0.offset)"
                        }
                    }.first
                },
                changes: {
                    pool.logs.blockChanges(of: FileNumber(index: number), page: $0, most: 4).map(
                        formatter.tell)
                })
        }
    }
}
