import ArgumentParser
import DaxConfig
import DaxHost
import DaxNightly
import DaxSystem
import DaxText
import DaxTorture

struct Nightly: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a matrix of kernels, filesystems, options and configs, night after night.",
        discussion: """
            Each night is a directory with every run's report, and with results as KTAP, JUnit, JSON, \
            OpenMetrics, Markdown and one page of HTML. Failures are compared with the nights before: new, \
            still, unseen, fixed, known. docs/nightly.md has the format of a matrix.

            The same command goes on with a night that was stopped. --plan, --shard and --collect do it in \
            parts, on several machines that share the night's directory.

            Exit status: 0 nothing new; 1 a new failure (--strict: any); 125 a planned run was not run, or \
            was untested; 2 bad usage.
            """)

    @Argument(help: "The matrix, a file.", completion: .file(extensions: ["toml"]))
    var matrix: String

    @Flag(help: "As --budget 10m.")
    var quick = false

    @Option(help: ArgumentHelp("How long the night may take, such as 8h.", valueName: "time"))
    var budget: String?

    @Option(
        help: ArgumentHelp("The night's directory, where it is not a new one.", valueName: "dir"),
        completion: .directory)
    var night: String?

    @Option(
        help: ArgumentHelp(
            "Where nights are; ~/.local/state/daxtorture/nightly if not given.", valueName: "dir"),
        completion: .directory)
    var state: String?

    @Flag(help: "Only write the plan.")
    var plan = false

    @Option(
        help: ArgumentHelp("Only the runs of this shard, such as 1/4, of a plan.", valueName: "i/n")
    )
    var shard: String?

    @Flag(help: "Only sum up what is there.")
    var collect = false

    @Flag(help: "Exit with 1 for whatever failed, old and known failures included.")
    var strict = false

    @Option(help: ArgumentHelp("Machines at a time.", valueName: "n"))
    var jobs = 1

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Set one key of every run's config.", valueName: "key=value"))
    var set: [String] = []

    @Flag(help: "Print the names of the kernels that ci/fetch-kernel is to bring, and no more.")
    var kernels = false

    private var budgetInSeconds: Double? {
        quick ? 600 : budget.flatMap { TimeSpan($0) }?.inSeconds
    }

    private var shardNumbers: (Int, of: Int)? {
        let parts = (shard ?? "").split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]),
            (1...10_000).contains(count), (1...count).contains(index)
        else { return nil }
        return (index, count)
    }

    func validate() throws {
        if let budget {
            guard let span = TimeSpan(budget), span >= .seconds(1), span <= .hours(24 * 30) else {
                throw ValidationError("--budget: \(budget) is not a time, such as 10m or 8h")
            }
        }
        guard !quick || budget == nil else {
            throw ValidationError("--quick and --budget: one of them")
        }
        guard (1...256).contains(jobs) else { throw ValidationError("--jobs: 1 to 256") }
        guard shard == nil || shardNumbers != nil else {
            throw ValidationError("--shard: write it as 1/4")
        }
        guard [plan, shard != nil, collect].count(where: { $0 }) < 2 else {
            throw ValidationError("--plan, --shard and --collect exclude each other")
        }
        guard night == nil || state == nil else {
            throw ValidationError("--night and --state exclude each other")
        }
        guard night != nil || shard == nil && !collect else {
            throw ValidationError("--shard and --collect are of a --night")
        }
    }

    mutating func run() throws {
        let place = try NightlyPlace(matrix, set: set)
        if kernels { return Console.text(place.kernelNames.map { "\($0)\n" }.joined()) }
        do { try run(place) } catch let error as NightError {
            throw RunError.untested(error.description)
        } catch let error as SystemError {
            throw RunError.untested(error.description)
        }
    }

    private func run(_ place: NightlyPlace) throws {
        let path = night ?? state ?? Nightly.statePath
        let nights = Nights(night.map { Files.parent(of: $0) } ?? path)
        try Interrupts.count()
        let (directory, plan) = try begin(place, nights)
        let session = NightlySession(
            plan: plan, directory: directory, nights: nights, jobs: jobs, strict: strict,
            ownsState: night == nil)
        if self.plan {
            return Console.text(
                "\(directory.path)/plan.json\n\(plan.runs.count) runs\n\(Int(plan.cost)) s\n")
        }
        if let (index, count) = shardNumbers { throw try session.shard(index, of: count) }
        throw try collect ? session.collect() : session.whole()
    }

    /// The night and its plan: one that is there already, or a new one.
    private func begin(
        _ place: NightlyPlace, _ nights: Nights
    ) throws -> (NightDirectory, NightPlan) {
        let now = Clock.secondsSinceEpoch()
        if let night {
            let directory = NightDirectory(night)
            if let plan = try directory.plan() {
                guard plan.digest == place.digest else {
                    throw UsageError("\(night): planned from another matrix, or as this one was")
                }
                return (directory, plan)
            }
            guard shard == nil && !collect else {
                throw UsageError("\(night): there is no plan; --plan makes one")
            }
            return (directory, try makePlan(place, nights, directory, now))
        }
        if let last = nights.unfinished(
            place.name, digest: place.digest, budget: budgetInSeconds, now: now)
        {
            Console.error("going on with the night \(last.night.path)\n")
            return last
        }
        // Planned before anything is made, so that a mistake in a matrix leaves nothing behind.
        let plan = try place.plan(budget: budgetInSeconds, nights: nights, jobs: jobs, now: now)
        let directory = try nights.make(now: now)
        try directory.write(plan)
        return (directory, plan)
    }

    private func makePlan(
        _ place: NightlyPlace, _ nights: Nights, _ directory: NightDirectory, _ now: UInt64
    ) throws -> NightPlan {
        let plan = try place.plan(budget: budgetInSeconds, nights: nights, jobs: jobs, now: now)
        try Files.makeDirectories(directory.path)
        try directory.write(plan)
        return plan
    }

    /// $XDG_STATE_HOME/daxtorture/nightly, or ~/.local/state/daxtorture/nightly.
    private static var statePath: String {
        func absolute(_ name: String) -> String? {
            Files.environment(name).flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let home = absolute("HOME") ?? Files.homeDirectory ?? ""
        return "\(absolute("XDG_STATE_HOME") ?? "\(home)/.local/state")/daxtorture/nightly"
    }
}
