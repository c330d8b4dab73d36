internal import DaxHost
internal import DaxSystem
package import DaxText

/// What the host's clock said of a run, kept out of the report, which must not depend on it.
/// Every figure is in seconds; host.json in the report directory holds them.
package struct HostFigures: Hashable, Sendable {
    /// The name and version of the JSON form.
    package static let schema = "daxtorture-host-1"

    /// When the command began, in seconds since 1970 (UTC).
    package var started: UInt64
    /// From the command's start to the machine's first word; nil without a machine.
    package var boot: Double?
    /// From the command's start to the first operation that was verified; nil if there was none.
    package var firstVerifiedOperation: Double?
    /// From the command's start to the verdict.
    package var total: Double
    /// What the command was, word by word.
    package var command: [String]

    package init(
        started: UInt64, boot: Double? = nil, firstVerifiedOperation: Double? = nil, total: Double,
        command: [String] = []
    ) {
        self.started = started
        self.boot = boot
        self.firstVerifiedOperation = firstVerifiedOperation
        self.total = total
        self.command = command
    }

    package var json: JSON {
        [
            "schema": .string(HostFigures.schema),
            "started_unix_s": .number(started),
            "boot_s": seconds(boot),
            "first_verified_operation_s": seconds(firstVerifiedOperation),
            "total_s": .double(total),
            "command": .array(command.map { .string($0) }),
        ]
    }

    private func seconds(_ value: Double?) -> JSON { .optional(value.map { .double($0) }) }
}

extension HostFigures {
    /// The command that the file `path` names; empty where it does not.
    package static func command(in path: String) -> [String] {
        guard let bytes = try? Files.input(path, limit: 1 << 20), let json = try? JSON(bytes),
            let words = json["command"]?.values
        else { return [] }
        return words.compactMap { if case .string(let word) = $0 { word } else { nil } }
    }
}
