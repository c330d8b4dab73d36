/// The rules by which a run is judged.
///
/// docs/oracle.md says what each demands, and docs/architecture.md where it is decided.
public enum Rule: UInt8, Sendable, Hashable, Comparable, CaseIterable, LosslessStringConvertible {
    /// A word holds what was written to it, or zero.
    case provenance = 1
    /// Nobody reads what is written only later.
    case future = 2
    /// A read finds the newest of what was written and zeroed.
    case freshness = 3
    /// The words that two reads find come in one order.
    case goingBack = 4
    /// SIGBUS comes beyond the end of file, and nowhere else.
    case sigbus = 5
    /// The size and what the filesystem says of its blocks are those of the operations.
    case size = 6
    /// A file that grows again is zero where it grows.
    case regrowth = 7
    /// At rest, every path to a file shows the same.
    case audit = 8
    /// Files that nobody touches stay as they are, and so does the space that is free.
    case bystanders = 9
    /// The kernel returns from every call and complains of nothing.
    case kernel = 10
    /// What the kernel acknowledged is written back.
    case durability = 11
    /// A mapped page lies in the block that the filesystem names.
    case physical = 12
    /// A call that fails has a reason to.
    case refusal = 13
    /// After a power cut a file holds what was acknowledged, or something later.
    case crash = 14

    /// The rule that reports print so: `R3`; nil where there is none.
    public init?(_ description: String) {
        guard let rule = Rule.allCases.first(where: { $0.description == description }) else {
            return nil
        }
        self = rule
    }

    /// The rule as programs read it: `R3`.
    public var description: String { "R\(rawValue)" }

    /// The rule as people read it: `R3 freshness`.
    package var name: String { "\(self) \(word)" }

    private var word: String {
        switch self {
        case .provenance: "provenance"
        case .future: "no future"
        case .freshness: "freshness"
        case .goingBack: "no going back"
        case .sigbus: "SIGBUS"
        case .size: "size"
        case .regrowth: "regrowth"
        case .audit: "audit"
        case .bystanders: "bystanders"
        case .kernel: "kernel"
        case .durability: "durability"
        case .physical: "physical"
        case .refusal: "refusal"
        case .crash: "crash"
        }
    }

    public static func < (a: Rule, b: Rule) -> Bool { a.rawValue < b.rawValue }
}
