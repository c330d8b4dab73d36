import DaxHost
package import DaxSystem
import DaxText

/// The nights of a directory, one below the other by their dates.
package struct Nights: Sendable {
    private let path: String

    /// How long an interrupted night may be taken up again, in seconds: the next one begins after that.
    static let patience: UInt64 = 20 * 3600

    package init(_ path: String) { self.path = path }

    /// Nights with a plan for the matrix of that name, the oldest first.
    package func all(of matrix: String) -> [(night: NightDirectory, plan: NightPlan)] {
        ((try? Files.names(in: path)) ?? []).filter(Nights.isName).compactMap { name in
            let night = NightDirectory("\(path)/\(name)")
            guard let plan = try? night.plan(), plan.matrix == matrix else { return nil }
            return (night, plan)
        }.sorted { ($0.plan.started, $0.night.name) < ($1.plan.started, $1.night.name) }
    }

    /// The latest that was stopped before its end, was planned from the very same, and is not too old.
    package func unfinished(
        _ matrix: String, digest: String, budget: Double?, now: UInt64
    ) -> (night: NightDirectory, plan: NightPlan)? {
        guard let last = all(of: matrix).last, last.plan.digest == digest,
            last.plan.budget == budget, now < last.plan.started + Nights.patience,
            !last.night.isFinished
        else { return nil }
        return last
    }

    /// What the latest night before `started` left open; empty where there is none that was summed up.
    package func open(before started: UInt64, of matrix: String) -> [NightFinding] {
        let earlier = all(of: matrix).filter { $0.plan.started < started }
        guard let summary = earlier.reversed().lazy.compactMap({ $0.night.summary() }).first else {
            return []
        }
        return (summary["findings"]?.values ?? []).compactMap { try? NightFinding(json: $0) }
            .filter(\.state.isOpen)
    }

    /// What earlier nights came to, the oldest first, at most so many.
    package func tallies(before started: UInt64, of matrix: String, most: Int) -> [NightTally] {
        all(of: matrix).filter { $0.plan.started < started }.suffix(most).compactMap {
            $0.night.summary()?["tally"].flatMap { try? NightTally(json: $0) }
        }
    }

    /// Makes a directory for a night that begins now: its name is the date and the time (UTC).
    package func make(now: UInt64) throws -> NightDirectory {
        try Files.makeDirectories(path)
        let name = Nights.name(now)
        for number in 1...100 {
            let night = NightDirectory("\(path)/\(name)" + (number == 1 ? "" : "-\(number)"))
            if Files.exists(night.path) { continue }
            try Files.makeDirectory(night.path)
            return night
        }
        throw NightError("\(path): too many nights begin in this second")
    }

    /// Points `latest` at a night.
    package func point(at night: NightDirectory) throws(SystemError) {
        try Files.pointLink("\(path)/latest", at: night.name)
    }

    /// Of nights older than the latest `keep` removes the reports, but for those of runs that showed
    /// something new; of those older than four times as many removes all.
    package func thin(_ matrix: String, keep: Int) throws(SystemError) {
        let nights = all(of: matrix)
        for (index, (night, _)) in nights.enumerated() {
            let age = nights.count - index
            if age > 4 * keep {
                try Files.removeTree(night.path)
            } else if age > keep {
                try thin(night)
            }
        }
    }

    private func thin(_ night: NightDirectory) throws(SystemError) {
        let findings = night.summary()?["findings"]?.values ?? []
        let kept = Set(
            findings.compactMap { finding -> String? in
                guard finding["state"]?.string == NightFinding.State.new.rawValue else {
                    return nil
                }
                return finding["origin"]?["run"]?.string
            })
        let runs = "\(night.path)/runs"
        guard Files.kind(runs) == .directory else { return }
        for name in try Files.names(in: runs) where !name.hasSuffix(".json") {
            let id = name.hasSuffix(".longer") ? String(name.dropLast(7)) : name
            if !kept.contains(id) { try Files.removeTree("\(runs)/\(name)") }
        }
    }

    /// What is known of costs there.
    package var costs: RunCosts {
        guard let bytes = try? Files.input("\(path)/costs.json", limit: 16 << 20),
            let json = try? JSON(bytes)
        else { return RunCosts() }
        return RunCosts(json: json)
    }

    /// Keeps what is known of costs.
    package func keep(_ costs: RunCosts) throws(SystemError) {
        try Files.replace("\(path)/costs.json", with: Array(costs.json.text.utf8))
    }

    /// Whether a directory of that name may be a night: nothing else is ever read or removed.
    static func isName(_ name: String) -> Bool {
        let digits = name.prefix(17)
        return digits.count == 17
            && zip(digits, "0000-00-00T000000").allSatisfy {
                $1 == "0" ? $0.isASCII && $0.isNumber : $0 == $1
            }
    }

    /// `2026-11-28T093015`, of seconds since 1970, in UTC.
    static func name(_ seconds: UInt64) -> String {
        func two(_ number: UInt64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        var days = seconds / 86400
        let rest = seconds % 86400
        var year: UInt64 = 1970
        func length(_ year: UInt64) -> UInt64 {
            year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365
        }
        while days >= length(year) {
            days -= length(year)
            year += 1
        }
        var month = 0
        let months: [UInt64] = [31, length(year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        while days >= months[month] {
            days -= months[month]
            month += 1
        }
        return "\(year)-\(two(UInt64(month + 1)))-\(two(days + 1))T"
            + two(rest / 3600) + two(rest / 60 % 60) + two(rest % 60)
    }
}
