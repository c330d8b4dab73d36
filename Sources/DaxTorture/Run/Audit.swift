import DaxActors
import DaxChecks
import DaxModel
import DaxOperations
import DaxSystem

/// The audit of one file at a quiet point, on a thread of its own: what read(2) finds is judged
/// while this compares the other paths with it.
struct Audit {
    let auditor: Auditor
    private let file: Int
    private var size: UInt64 = 0
    private var owners: [Owner] = []
    private var outcome: Result<[Finding], any Error> = .success([])

    /// An actor whose long mapping is to be compared, too.
    struct Owner: Sendable {
        let id: ActorNumber
        let name: String
        let host: any ActorHost
    }

    /// The thread that audits file `number` at `path`, which will not be larger than `limit` bytes, and
    /// reads it into `content`.
    static func thread(
        _ path: String, number: Int, limit: UInt64, into content: SharedBuffer
    ) throws -> Worker<Audit> {
        try Worker(
            "audit \(number)",
            make: {
                Audit(
                    auditor: try Auditor(
                        path,
                        file: FileUnderTest(path, number: FileNumber(index: number), limit: limit),
                        reference: content),
                    file: number)
            }, round: { $0.compare() })
    }

    private init(auditor: Auditor, file: Int) {
        self.auditor = auditor
        self.file = file
    }

    /// Reads `size` bytes by read(2), and prepares the round, in which the other paths and the
    /// mappings of `owners` are compared with that.
    mutating func read(size: UInt64, owners: [Owner]) throws -> (
        words: ContiguousArray<UInt64>, [Finding]
    ) {
        (self.size, self.owners) = (size, owners)
        return try auditor.read(size: size)
    }

    /// The round. No owner may run one of its own meanwhile.
    private mutating func compare() {
        outcome = Result {
            var findings = try auditor.compare(size: size)
            for owner in owners {
                findings += try owner.host.compare(
                    owner.id, file: file, size: size, called: owner.name, with: auditor)
            }
            return findings
        }
    }

    /// What the round found.
    func findings() throws -> [Finding] { try outcome.get() }
}

extension Worker {
    /// Waits for the round to end, however long it takes: the host notices a silent machine.
    func wait() { while !wait(nanoseconds: 1_000_000_000) {} }
}
