import DaxOperations
import DaxOracle
import DaxReport
import DaxText

/// Puts the oracle's violations into a report's words.
struct Telling {
    private let names: StoryNames
    private let ticksPerSecond: Double
    private let begin: UInt64

    init(_ cast: Cast, ticksPerSecond: Double, begin: UInt64) {
        let count = cast.members.count
        names = StoryNames(
            actor: { Int($0) <= count ? cast.name(of: $0) : nil }, operation: Telling.name,
            span: Figures.time)
        self.ticksPerSecond = ticksPerSecond
        self.begin = begin
    }

    func tell(_ violation: DaxOracle.Violation, file: String) -> DaxReport.Violation {
        let story = Story(
            of: violation, names: names, begin: begin, ticksPerSecond: ticksPerSecond)
        return DaxReport.Violation(
            rule: violation.rule.description, file: file, offset: violation.offset,
            expected: story.expected, observed: story.observed, operations: story.operations,
            story: story.text)
    }

    /// What an operation is called after its actor's name.
    static func name(of operation: Operation) -> String {
        // What no actor did: the oracle adds it where the page cache is used.
        guard let kind = OperationKind(rawValue: operation.kind) else { return "writeback" }
        let access = "through its mapping"
        return switch (kind, AccessPath(rawValue: operation.path)) {
        case (.faultLoad, _): "faulting load \(access)"
        case (.faultStore, _): "faulting store \(access)"
        case (_, .mapping): "\(kind.name) \(access)"
        case (.read, .uring), (.write, .uring): "io_uring \(kind.name)"
        default: kind.name
        }
    }
}
