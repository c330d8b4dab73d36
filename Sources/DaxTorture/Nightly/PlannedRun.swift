package import DaxText

/// A run of a night, as it was planned.
package struct PlannedRun: Hashable, Sendable {
    /// What it is called in every format, and in the night's directory: KERNEL_FS_OPTIONS_CONFIG_N, or
    /// `again` and a number for N where it repeats what failed the night before.
    package var id: String
    package var kernel: String
    /// As `--fs` takes it.
    package var filesystem: String
    package var options: String
    package var config: String
    package var seed: Seed
    package var duration: TimeSpan
    /// What it is expected to take, in seconds.
    package var cost: Double
    /// Whether it repeats what failed the night before, from that seed.
    package var isRepeated: Bool

    package init(
        kernel: String, filesystem: String, options: String, config: String, number: String,
        seed: Seed, duration: TimeSpan, cost: Double = 0, isRepeated: Bool = false
    ) {
        id = [kernel, filesystem, options, config, number].joined(separator: "_")
        (self.kernel, self.filesystem, self.options) = (kernel, filesystem, options)
        (self.config, self.seed, self.duration) = (config, seed, duration)
        (self.cost, self.isRepeated) = (cost, isRepeated)
    }

    /// What it has in common with runs from other seeds.
    package var combination: String {
        [kernel, filesystem, options, config].joined(separator: "_")
    }

    package var json: JSON {
        [
            "id": .string(id), "kernel": .string(kernel), "fs": .string(filesystem),
            "options": .string(options), "config": .string(config),
            "seed": .string(seed.description), "duration_s": .double(duration.inSeconds),
            "cost_s": .double(cost), "repeated": .bool(isRepeated),
        ]
    }

    package init(json: JSON) throws(NightError) {
        id = try json.member("id", \.string)
        guard PlannedRun.isName(id) else { throw NightError("an id is no name: \(id)") }
        kernel = try json.member("kernel", \.string)
        filesystem = try json.member("fs", \.string)
        options = try json.member("options", \.string)
        config = try json.member("config", \.string)
        seed = try json.member("seed") { $0.string.flatMap { Seed($0) } }
        duration = try json.member("duration_s") {
            $0.number.flatMap { $0 >= 0 && $0 < 1e8 ? .milliseconds(UInt64($0 * 1000)) : nil }
        }
        cost = try json.member("cost_s", \.number)
        isRepeated = try json.member("repeated", \.flag)
    }

    /// Whether a file may be called so, wherever the text comes from.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix(".") && text.utf8.count <= 220
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._+-".utf8.contains($0)
                }
            }
    }
}
