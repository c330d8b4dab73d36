package import DaxText

/// What runs took so far, by which the next are fitted into a budget.
///
/// A run takes a fixed time (the machine's start and end), and for each second of its actors a little
/// more than that second, since audits come on top.
package struct RunCosts: Hashable, Sendable {
    /// The name and version of the JSON form.
    package static let schema = "daxtorture-costs-1"

    /// What a run of a combination takes.
    package struct Cost: Hashable, Sendable {
        /// Seconds, whatever its duration is.
        package var fixed: Double
        /// Seconds for each second of its duration.
        package var ratio: Double

        package init(fixed: Double, ratio: Double) { (self.fixed, self.ratio) = (fixed, ratio) }

        package func seconds(_ duration: Double) -> Double { fixed + ratio * duration }
    }

    /// What is known of one combination.
    struct Entry: Hashable, Sendable {
        var kernel: String
        var filesystem: String
        var cost: Cost
        /// When it ran last, in seconds since 1970.
        var latest: UInt64
    }

    private(set) var entries: [String: Entry] = [:]

    /// Where nothing is known: of a busy machine without KVM. On a better one runs become longer.
    package static let unknown = Cost(fixed: 25, ratio: 1.8)

    package init() {}

    /// What a run is expected to take: as the last of its combination, or as those that are nearest to it.
    package func cost(_ run: PlannedRun) -> Cost {
        if let entry = entries[run.combination] { return entry.cost }
        let all = Array(entries.values)
        let near = all.filter { $0.filesystem == run.filesystem && $0.kernel == run.kernel }
        let ofFilesystem = all.filter { $0.filesystem == run.filesystem }
        for group in [near, ofFilesystem, all] where !group.isEmpty {
            let count = Double(group.count)
            return Cost(
                fixed: group.reduce(0) { $0 + $1.cost.fixed } / count,
                ratio: group.reduce(0) { $0 + $1.cost.ratio } / count)
        }
        return RunCosts.unknown
    }

    /// When a combination ran last; nil where it never did.
    package func latest(_ combination: String) -> UInt64? { entries[combination]?.latest }

    /// Learns from what a run of the night that began at `time` took.
    ///
    /// The latest counts for half. What did not come up, or ended at once, says nothing of the ratio; what
    /// ended before its time did so by the clock of the kernel under test.
    package mutating func note(_ run: PlannedRun, _ outcome: RunOutcome, at time: UInt64) {
        let (wall, start) = (outcome.wall, outcome.start)
        let isWhole = outcome.duration >= outcome.asked * 0.9
        let duration = isWhole ? outcome.asked : outcome.duration
        var seen = cost(run)
        let isFirst = entries[run.combination] == nil
        let weight = isFirst ? 1.0 : 0.5
        if start > 0 && start <= wall {
            seen.fixed += weight * (start - seen.fixed)
            if duration >= 2 {
                let ratio = min(max((wall - start) / duration, 1), 20)
                seen.ratio += weight * (ratio - seen.ratio)
            }
        }
        entries[run.combination] = Entry(
            kernel: run.kernel, filesystem: run.filesystem, cost: seen,
            latest: max(time, entries[run.combination]?.latest ?? 0))
    }

    package var json: JSON {
        [
            "schema": .string(RunCosts.schema),
            "combinations": .array(
                entries.sorted { $0.key < $1.key }.map { name, entry in
                    [
                        "combination": .string(name), "kernel": .string(entry.kernel),
                        "fs": .string(entry.filesystem), "fixed_s": .double(entry.cost.fixed),
                        "ratio": .double(entry.cost.ratio), "latest_unix_s": .number(entry.latest),
                    ]
                }),
        ]
    }

    /// What a file of costs says; of one that is none, or of another version, nothing.
    package init(json: JSON) {
        guard json["schema"]?.string == RunCosts.schema else { return }
        for one in json["combinations"]?.values ?? [] {
            guard let name = one["combination"]?.string, let kernel = one["kernel"]?.string,
                let filesystem = one["fs"]?.string, let fixed = one["fixed_s"]?.number,
                let ratio = one["ratio"]?.number, let latest = one["latest_unix_s"]?.count,
                (0...1e5).contains(fixed), (1...20).contains(ratio)
            else { continue }
            entries[name] = Entry(
                kernel: kernel, filesystem: filesystem, cost: Cost(fixed: fixed, ratio: ratio),
                latest: latest)
        }
    }
}
