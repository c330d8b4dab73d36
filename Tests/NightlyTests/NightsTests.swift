import DaxHost
import DaxReport
import DaxSystem
import DaxText
import TestSupport
import Testing

@testable import DaxNightly

/// A directory of nights.
@Suite struct NightsTests {
    private let scratch: Scratch
    private let nights: Nights

    init() throws {
        scratch = try Scratch()
        nights = Nights("\(scratch.path)/nights")
    }

    /// A night that began then, summed up if all of it ran.
    @discardableResult
    private func make(
        _ started: UInt64, _ signatures: [String] = [], runs: Int = 4, hasEnded: Bool = false
    ) throws -> NightDirectory {
        let plan = filled(plan(started: started))
        let night = try nights.make(now: started)
        try night.write(plan)
        var outcomes: [String: RunOutcome] = [:]
        for run in plan.runs.prefix(runs) {
            let one = outcome(run, signatures)
            outcomes[run.id] = one
            try Files.makeDirectories("\(night.path)/runs/\(run.id)")
            try Files.write([1], to: "\(night.path)/runs/\(run.id)/report.json")
            try night.write(one)
        }
        var results = NightResults(
            plan, outcomes, night: night.name, before: nights.open(before: started, of: "m"))
        results.hasEnded = hasEnded
        #expect(NightWriter(results).write(to: night).isEmpty)
        return night
    }

    @Test func nightsAreCalledByTheirDates() throws {
        for (seconds, name) in [
            (0, "1970-01-01T000000"), (951_782_400, "2000-02-29T000000"),
            (1_795_858_215, "2026-11-28T093015"), (1_798_761_599, "2026-12-31T235959"),
            (4_107_542_400, "2100-03-01T000000"),
        ] as [(UInt64, String)] {
            #expect(try nights.make(now: seconds).name == name)
        }
        #expect(try nights.make(now: 0).name == "1970-01-01T000000-2")
    }

    @Test func latestPointsAtTheLatest() throws {
        for started: UInt64 in [1000, 2000] {
            let night = try make(started)
            try nights.point(at: night)
            #expect(
                try Files.canonical("\(scratch.path)/nights/latest")
                    == Files.canonical(night.path))
        }
        #expect(nights.all(of: "m").count == 2 && nights.all(of: "other").isEmpty)
    }

    @Test func anUnfinishedNightIsTakenUp() throws {
        let night = try make(1000, runs: 2)
        func unfinished(_ digest: String = "0x1", _ budget: Double? = nil, _ now: UInt64 = 2000)
            -> String?
        { nights.unfinished("m", digest: digest, budget: budget, now: now)?.night.name }
        #expect(unfinished() == night.name)
        #expect(unfinished("0x2") == nil && unfinished("0x1", 600) == nil)
        #expect(unfinished("0x1", nil, 1000 + 24 * 3600) == nil)
        try make(1500)
        #expect(unfinished() == nil)
        // For which there was no time will not run by going on.
        try make(1600, runs: 3, hasEnded: true)
        #expect(unfinished() == nil)
        try make(1700, runs: 0)
        #expect(unfinished() != nil)
    }

    @Test func whatIsOpenPassesFromNightToNight() throws {
        try make(1000, ["R3 | zero"])
        #expect(nights.open(before: 2000, of: "m").count == 4)
        #expect(nights.open(before: 1000, of: "m").isEmpty)
        try make(2000)
        // No rate is known: one run without it is not enough.
        #expect(
            nights.open(before: 3000, of: "m").map(\.state) == [.unseen, .unseen, .unseen, .unseen])
        #expect(nights.tallies(before: 3000, of: "m", most: 9).map(\.started) == [1000, 2000])
        #expect(nights.tallies(before: 3000, of: "m", most: 1).map(\.started) == [2000])
    }

    @Test func oldNightsAreThinnedOut() throws {
        try Files.makeDirectories("\(scratch.path)/nights/1999-01-01T000000/mine")
        try Files.makeDirectories("\(scratch.path)/nights/other")
        try make(1, ["R3 | zero"])
        for started: UInt64 in 2...12 { try make(started) }
        try nights.thin("m", keep: 2)
        // Eight are left, two of them whole.
        let left = nights.all(of: "m")
        #expect(left.map(\.plan.started) == Array(5...12))
        let reports = left.map { night in
            (try? Files.names(in: "\(night.night.path)/runs"))?.count { !$0.hasSuffix(".json") }
        }
        #expect(reports == [0, 0, 0, 0, 0, 0, 4, 4])
        #expect(
            left.allSatisfy { $0.night.isFinished && $0.night.outcomes(of: $0.plan).count == 4 })
        // What is no night of this matrix stays.
        #expect(Files.exists("\(scratch.path)/nights/1999-01-01T000000/mine"))
        #expect(Files.exists("\(scratch.path)/nights/other"))
    }

    @Test func whatWasNewKeepsItsReport() throws {
        try make(1, ["R3 | zero"])
        try make(2)
        try make(3)
        try nights.thin("m", keep: 1)
        let first = try #require(nights.all(of: "m").first)
        // Each kernel and filesystem had a failure of its own.
        #expect(
            try Files.names(in: "\(first.night.path)/runs").count { !$0.hasSuffix(".json") } == 4)
    }

    @Test func roomIsSetAside() throws {
        let night = try make(1000)
        let files = NightWriter(FormatTests.results()).files
        let needed = files.reduce(0) { $0 + $1.text.utf8.count }
        try night.reserve(runs: 16)
        #expect(try Files.read("\(night.path)/reserve").count > 2 * needed)
        night.release()
        night.release()
        #expect(!Files.exists("\(night.path)/reserve"))
    }

    @Test func aFullDirectoryIsTold() throws {
        let night = NightDirectory("\(scratch.path)/no/such")
        let results = NightResults(filled(plan()), [:], night: "n")
        #expect(NightWriter(results).write(to: night).count == NightWriter(results).files.count)
    }
}
