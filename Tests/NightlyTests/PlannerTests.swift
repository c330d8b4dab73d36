import DaxText
import Testing

@testable import DaxNightly

/// What a night's plan has in it.
@Suite struct PlannerTests {
    @Test func everyCombinationHasItsSeeds() {
        let plan = filled(
            plan(options: ["plain", "inode"], configs: ["default", "sync"]), seeds: 3)
        #expect(plan.runs.count == 2 * 2 * 2 * 2 * 3)
        #expect(Set(plan.runs.map(\.id)).count == plan.runs.count)
        #expect(Set(plan.runs.map(\.seed)).count == plan.runs.count)
        #expect(plan.runs.contains { $0.id == "k1_ext4-dax_plain_default_1" })
        #expect(plan.leftOut.isEmpty && plan.runs.allSatisfy { $0.duration == .seconds(20) })
    }

    @Test func whatDoesNotSuitIsTold() {
        var plan = plan(options: ["plain", "reflink"])
        plan.options[1].filesystems = ["xfs-dax"]
        let found = Planner.candidates(
            of: &plan, filesystems: filesystems, isLeft: { $0.kernel == "k2" },
            refusal: { $0.contains("ext4-dax") ? "not on ext4" : nil })
        #expect(found.map(\.options) == ["plain", "reflink"])
        #expect(found.allSatisfy { $0.filesystem == "xfs-dax" && $0.kernel == "k1" })
        #expect(
            plan.unsuited == [
                NightPlan.Unsuited("k1_ext4-dax_plain_default", "not on ext4")
            ])
    }

    @Test func optionsMayBeForSomeConfigsAlone() {
        var plan = plan(kernels: 1, options: ["plain", "broken"], configs: ["default", "pmd"])
        plan.options[1].configs = ["default"]
        #expect(filled(plan).runs.count == 6)
    }

    @Test func theArgumentsAreThoseOfARun() {
        var plan = filled(plan(options: ["inode"]))
        plan.known = ["/known.toml"]
        plan.kernels[0].mutant = NightKernel.Mutation(
            name: "ext4-stale-punch", filesystem: "ext4-dax")
        plan.kernels[0].set = ["vm.cpus=4"]
        let ext4 = plan.runs.first { $0.kernel == "k1" && $0.filesystem == "ext4-dax" }!
        #expect(
            plan.arguments(ext4) == [
                "run", "--fs", "ext4-dax", "--config", "/configs/default.toml", "--kernel",
                "/boot/k1", "--mutant", "ext4-stale-punch", "--set", "vm.cpus=4", "--known",
                "/known.toml", "--set", "fs.dax=inode",
            ])
        // On another filesystem the kernel is a sound one.
        let xfs = plan.runs.first { $0.kernel == "k1" && $0.filesystem == "xfs-dax" }!
        #expect(!plan.arguments(xfs).contains("--mutant"))
        #expect(plan.arguments(ext4, on: "k2").contains("/boot/k2"))
    }

    /// A short night has something of everything, and the next one what that left out.
    @Test func aShortNightTakesTurns() {
        let names = (1...6).map { "o\($0)" }
        let configs = (1...5).map { "c\($0)" }
        var costs = RunCosts()
        var seen: Set<String> = []
        for night in 1...18 {
            let plan = filled(
                plan(
                    kernels: 3, options: names, configs: configs, budget: 600,
                    started: UInt64(night)), costs: costs)
            #expect((8...25).contains(plan.runs.count), "\(plan.runs.count)")
            if night == 1 {
                #expect(Set(plan.runs.map { "\($0.kernel) \($0.filesystem)" }).count == 6)
                #expect(Set(plan.runs.map(\.options)).count == 6)
                #expect(Set(plan.runs.map(\.config)).count == 5)
                #expect(plan.leftOut.count == 180 - plan.runs.count)
            }
            seen.formUnion(plan.runs.map(\.combination))
            for run in plan.runs {
                costs.note(run, outcome(run, wall: 30), at: plan.started)
            }
        }
        #expect(seen.count == 180)
    }

    @Test func whatFailedIsFirstFromItsSeed() {
        let first = filled(plan())
        var finding = NightFinding(
            kernel: "k2", filesystem: "xfs-dax", head: "R3 | zero", state: .new, first: "n1",
            last: "n1")
        finding.origin = NightFinding.Origin(
            run: first.runs[3].id, combination: "k2_xfs-dax_plain_default", seed: Seed(77))
        var other = finding
        other.head = "R4 | an older one"
        var gone = finding
        gone.origin = NightFinding.Origin(run: "x", combination: "k9_x_y_z", seed: Seed(1))
        let plan = filled(plan(), failed: [finding, other, gone])
        #expect(plan.runs[0].id == "k2_xfs-dax_plain_default_again1")
        #expect(plan.runs[0].seed == Seed(77) && plan.runs[0].isRepeated)
        // Both come of one run; what is not in the matrix any more is not run.
        #expect(plan.runs.count == 5 && !plan.runs[1].isRepeated)
    }

    @Test func shardsAreTheWhole() {
        var plan = filled(plan(kernels: 3, options: ["a", "b", "c"]), seeds: 2)
        for index in plan.runs.indices { plan.runs[index].cost = Double(index % 7 + 1) }
        for count in [1, 2, 5, 50] {
            let shards = (1...count).map { plan.shard($0, of: count) }
            #expect(shards.flatMap { $0 }.map(\.id).sorted() == plan.runs.map(\.id).sorted())
            let loads = shards.map { $0.reduce(0) { $0 + $1.cost } }
            #expect(loads.max()! - loads.min()! <= 7, "\(loads)")
        }
        #expect(plan.shard(2, of: 3) == plan.shard(2, of: 3))
    }

    @Test func aPlanIsReadBack() throws {
        var plan = filled(
            plan(options: ["plain", "inode"], budget: 900, baseline: "k1"), seeds: 2)
        plan.kernels[1].problem = "not there"
        plan.kernels[0].mutant = NightKernel.Mutation(name: "m", filesystem: "xfs-dax")
        plan.configs[0].knownFailure = NightConfig.KnownFailureText(
            until: "6.12", reason: "a fix", filesystem: nil)
        plan.unsuited = [NightPlan.Unsuited("a", "b")]
        #expect(try NightPlan(json: JSON(plan.json.text)) == plan)
        for text in [
            plan.json.text.replacing("plan-1", with: "plan-2"),
            plan.json.text.replacing("k1_ext4", with: "../k1_ext4"),
            plan.json.text.replacing("_default_2\"", with: "_default_1\""),
        ] {
            #expect(throws: NightError.self) { try NightPlan(json: JSON(text)) }
        }
    }
}
