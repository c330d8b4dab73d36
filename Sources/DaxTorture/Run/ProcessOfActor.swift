import DaxActors
import DaxConfig

/// Which process runs each actor of a run.
///
/// All actors of one process share its mm, so that each mmap, mremap, mprotect and munmap of one stops
/// the page faults of the others (mmap_lock). In different processes they meet in the file alone. So
/// the actors of a role are dealt out to the processes in turn, that they meet both in one process and
/// across two; with whom a role of one actor shares a process depends on the seed.
struct ProcessOfActor {
    /// For each actor, in the order of the config, the number of its process; 0 is the one that judges.
    private(set) var numbers: [Int]

    /// As a resolved config asks for.
    init(_ config: Config, seed: UInt64) {
        let roles = config.actors.flatMap { group in
            Array(repeating: Role(rawValue: group.role), count: Int(group.count))
        }
        self.init(roles.compactMap(\.self), processes: Int(config.run.processes), seed: seed)
    }

    init(_ roles: [Role], processes: Int, seed: UInt64) {
        numbers = Array(repeating: 0, count: roles.count)
        var next = Int(seed % UInt64(processes))
        for role in Role.allCases where !role.staysWithJudge {
            for (actor, its) in roles.enumerated() where its == role {
                numbers[actor] = next % processes
                next += 1
            }
        }
    }
}

extension Role {
    /// Whether it must be in the process that judges, which outlives all others.
    var staysWithJudge: Bool {
        switch self {
        // Whoever froze a filesystem must be there to thaw it: nobody else on it could go on, and it
        // could not be unmounted.
        case .freezer: true
        // It tells the kernel that memory has failed. The kernel's signals for that go to processes as
        // a whole, and one that is for none of its accesses ends the process, as it must.
        case .poisoner: true
        case .writer, .faulter, .truncater, .puncher, .mover, .cloner, .churner, .syncer, .filler,
            .administrator, .io, .pinner, .borrower, .forker, .recycler, .script:
            false
        }
    }
}
