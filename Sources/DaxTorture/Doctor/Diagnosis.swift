package import DaxText

/// One thing that a run needs or profits from, how it is on this host, and how to mend it.
package struct Diagnosis: Equatable, Sendable {
    package enum State: String, Sendable {
        case ok
        /// It is not there, or not enough of it.
        case missing
        /// It is there and does not work.
        case broken
    }

    /// What it is about: "KVM".
    package var subject: String
    package var state: State
    /// What was found, in one line.
    package var finding: String
    /// The command that mends it, or what else does; nil where all is well.
    package var remedy: String?
    /// Whether what was asked about cannot be had without it.
    package var isEssential: Bool

    package static func ok(_ subject: String, _ finding: String) -> Diagnosis {
        Diagnosis(
            subject: subject, state: .ok, finding: finding, remedy: nil, isEssential: false)
    }

    package static func missing(
        _ subject: String, _ finding: String, mend: String, essential: Bool = false
    ) -> Diagnosis {
        Diagnosis(
            subject: subject, state: .missing, finding: finding, remedy: mend,
            isEssential: essential)
    }

    package static func broken(
        _ subject: String, _ finding: String, mend: String, essential: Bool = false
    ) -> Diagnosis {
        Diagnosis(
            subject: subject, state: .broken, finding: finding, remedy: mend,
            isEssential: essential)
    }

    /// One line, in which the subject takes so many columns.
    package func line(subjectWidth width: Int) -> String {
        let head =
            Layout.padded(state.rawValue, to: 9) + Layout.padded(Layout.oneLine(subject), to: width)
        return head + Layout.oneLine(finding + (remedy.map { "; mend: \($0)" } ?? ""))
    }
}

/// What was looked at, and what it comes to.
package struct DoctorReport: Equatable, Sendable {
    package private(set) var diagnoses: [Diagnosis]
    /// What the essential ones are essential for: "a run in a machine".
    package let purpose: String

    package init(_ purpose: String, _ diagnoses: [Diagnosis]) {
        (self.purpose, self.diagnoses) = (purpose, diagnoses)
    }

    /// A line each, and what it comes to.
    package var text: String {
        let width = 2 + (diagnoses.map(\.subject.count).max() ?? 0)
        let lines = diagnoses.map { $0.line(subjectWidth: width) } + [conclusion]
        return lines.map { "\($0)\n" }.joined()
    }

    /// Whether what was asked about can be had.
    package var isPossible: Bool { obstacles.isEmpty }

    private var obstacles: [String] {
        diagnoses.filter { $0.isEssential && $0.state != .ok }.map(\.subject)
    }

    /// The last line.
    var conclusion: String {
        isPossible
            ? "\(purpose) is possible here"
            : "\(purpose) is not possible here: see \(obstacles.joined(separator: ", "))"
    }

    /// The name and version of the JSON form.
    package static let schema = "daxtorture-doctor-1"

    package var json: JSON {
        [
            "schema": .string(DoctorReport.schema), "possible": .bool(isPossible),
            "purpose": .string(purpose),
            "diagnoses": .array(
                diagnoses.map { one in
                    [
                        "subject": .string(one.subject), "state": .string(one.state.rawValue),
                        "finding": .string(one.finding),
                        "mend": .optional(one.remedy.map { .string($0) }),
                        "essential": .bool(one.isEssential),
                    ]
                }),
        ]
    }
}
