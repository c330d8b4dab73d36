import DaxConfig
import DaxModel
import DaxOperations
import DaxReport
import DaxText
import Testing

@testable import DaxMinimise

@Suite struct MinimiserTests {
    /// Orders of some actors, of which none is like another.
    private func witness(orders: Int, actors: Int, _ random: inout Random) -> Witness {
        var file = FileConfig(name: "f0")
        (file.size, file.extents) = (.mib(4), ["written 0 64KiB", "unwritten 1MiB 1MiB"])
        return Witness(
            limit: 4 << 20, files: [file],
            steps: (0..<orders).map { number in
                var order = Order(.store)
                (order.offset, order.length) = (UInt64(number) * 4096, 4096)
                return Witness.Step(
                    actor: Int(random.below(UInt64(actors))), order: order,
                    invoked: UInt64(number) * 10, returned: UInt64(number) * 10 + 5)
            }, pace: .sequence, names: (0..<actors).map { "a\($0)" })
    }

    /// Which of the orders of `witness` are there; by their length's place in the file.
    private func numbers(_ witness: Witness) -> Set<UInt64> {
        Set(witness.steps.map { $0.invoked / 10 })
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func whatIsNeededIsAllThatIsLeft(seed: UInt64) {
        var random = Random(seed: seed, stream: 0)
        let start = witness(orders: 5 + Int(random.below(80)), actors: 3, &random)
        let needed = Set((0...random.below(4)).map { _ in random.below(UInt64(start.steps.count)) })
        var minimiser = Minimiser(test: { needed.isSubset(of: numbers($0)) ? .shows : .hides })
        let isShown = minimiser.run(start)
        #expect(isShown)
        #expect(minimiser.best.map(numbers) == needed)
        #expect(minimiser.best?.steps.allSatisfy { $0.order.length == 8 } == true)
        #expect(minimiser.best?.files.allSatisfy { $0.extents.isEmpty } == true)
        #expect(minimiser.best?.pace == .sequence)
    }

    @Test func whatNeedsTwoActorsKeepsThem() {
        var random = Random(seed: 5, stream: 0)
        let start = witness(orders: 30, actors: 2, &random)
        var minimiser = Minimiser(test: { one in
            one.pace != .sequence && Set(one.steps.map(\.actor)).count == 2 ? .shows : .hides
        })
        let isShown = minimiser.run(start)
        #expect(isShown)
        #expect(minimiser.best?.steps.count == 2 && minimiser.best?.actors.count == 2)
    }

    /// One that holds something is of no use alone.
    @Test func whatIsHeldIsTriedBesideOthersFirst() throws {
        var random = Random(seed: 10, stream: 0)
        var start = witness(orders: 4, actors: 2, &random)
        var paces: [Witness.Pace] = []
        var minimiser = Minimiser(test: { one in
            paces.append(one.pace)
            return .hides
        })
        _ = minimiser.run(start)
        #expect(paces.prefix(4) == [.sequence, .after, .timed, .free])
        start.steps[0].order = try Order("held-read f0 0 8 1ms")
        paces = []
        _ = minimiser.run(start)
        #expect(paces.prefix(4) == [.timed, .after, .free, .sequence])
        #expect(paces.count == 12, "and all of that for each beginning of the files")
    }

    @Test func whatShowsNothingIsNotMinimised() {
        var random = Random(seed: 6, stream: 0)
        var minimiser = Minimiser(test: { _ in .hides })
        let isShown = minimiser.run(witness(orders: 9, actors: 2, &random))
        #expect(!isShown)
        #expect(minimiser.best == nil)
    }

    /// The best so far stays, and nothing is tried after the stop.
    @Test func itCanBeStopped() {
        var random = Random(seed: 7, stream: 0)
        var left = 3
        var minimiser = Minimiser(test: { _ in
            left -= 1
            return left < 0 ? .stop : .shows
        })
        let isShown = minimiser.run(witness(orders: 64, actors: 1, &random))
        #expect(isShown)
        #expect(minimiser.best != nil && left == -1)
    }

    /// Whatever was over before an order was invoked is awaited, and nothing else.
    @Test func ordersWaitForThoseBeforeThem() {
        func step(_ actor: Int, _ invoked: UInt64, _ returned: UInt64) -> Witness.Step {
            Witness.Step(actor: actor, order: Order(.syncfs), invoked: invoked, returned: returned)
        }
        let one = Witness(
            limit: 4 << 20, files: [],
            steps: [step(0, 0, 10), step(1, 5, 15), step(0, 20, 30), step(1, 25, 40)], pace: .after,
            names: ["a", "b"])
        #expect(
            one.scripts.map(\.steps) == [
                ["syncfs", "after b 1", "syncfs"], ["syncfs", "after a 1", "syncfs"],
            ])
    }

    @Test func aWitnessIsHandedOverWhole() throws {
        var random = Random(seed: 8, stream: 0)
        let start = witness(orders: 20, actors: 3, &random)
        var base = Config()
        base.fs.fileSize = .mib(4)
        let again = try Witness(of: start.handedOver(in: base))
        #expect(again.steps.map(\.order) == start.steps.map(\.order))
        #expect(again.steps.map(\.invoked) == start.steps.map(\.invoked))
        #expect(again.steps.map(\.returned) == start.steps.map(\.returned))
        #expect(again.files == start.files)
    }

    @Test func filesThatNoOrderNamesAreLeftOut() throws {
        var random = Random(seed: 9, stream: 0)
        var start = witness(orders: 3, actors: 1, &random)
        start.files += [FileConfig(name: "f1"), FileConfig(name: "f2")]
        start.steps[1].order = try Order("pread f1 0 8")
        var minimiser = Minimiser(test: { $0.files.count < 2 ? .hides : .shows })
        let isShown = minimiser.run(start)
        #expect(isShown && minimiser.best?.files.map(\.name) == ["f0", "f1"])
        minimiser = Minimiser(test: { _ in .shows })
        _ = minimiser.run(start)
        #expect(minimiser.best?.files.count == 1)
    }

    private func order(
        _ step: String, _ invoked: UInt64, _ returned: UInt64
    ) throws -> EpisodeOrder {
        EpisodeOrder(
            invoked: invoked, returned: returned, kind: "", file: UInt64(try Order(step).file),
            offset: 0, length: 0, done: 0, outcome: "done", faulted: "none", step: step,
            proves: false)
    }

    /// An episode of a violation of the second page of f0, of one actor for each list of steps.
    private func episode(_ lists: [[String]]) throws -> Episode {
        var episode = Episode(
            Finding(
                rule: .freshness, file: "file0", offset: 4096, expected: "", observed: "",
                story: ""))
        episode.files = [
            EpisodeFile(name: "file0", size: 4096), EpisodeFile(name: "file1", size: 0),
        ]
        for (index, list) in lists.enumerated() {
            var actor = EpisodeActor(name: "a \(index)", role: "writer")
            for (number, step) in list.enumerated() {
                let time = UInt64(10 * number + index)
                actor.orders.append(try order(step, time, time))
            }
            episode.actors.append(actor)
        }
        return episode
    }

    /// What copies moved to the page, or away from it, is followed, and nothing else.
    @Test func aPagesOrdersAreThoseThatLedToIt() throws {
        var base = Config()
        base.fs.fileSize = .mib(4)
        let steps = [
            "store f1 64KiB 8", "store f1 2MiB 8", "store f0 1MiB 8", "clone f0 4KiB f1 64KiB 4KiB",
            "clone f1 1MiB f0 2MiB 4KiB", "store f1 64KiB 8", "load f0 4KiB 8", "load f0 0 8",
        ]
        let one = try #require(Witness(of: episode([steps]), .page, in: base))
        #expect(
            one.steps.map(\.order.description) == [
                "store f1 64KiB 8", "clone f0 4KiB f1 64KiB 4KiB", "store f1 64KiB 8",
                "load f0 4KiB 8",
            ])
        let other = try #require(
            Witness(of: episode([["store f0 8KiB 8", "load f0 4KiB 8"]]), .page, in: base))
        #expect(other.steps.map(\.order.description) == ["load f0 4KiB 8"])
    }

    @Test func aStormIsOfAllKinds() throws {
        let episode = try episode([
            ["store f0 64KiB 8", "store f0 0 8", "syncfs"], ["truncate f0 1MiB", "pin f0 0 8 1ms"],
        ])
        let storm = try #require(Witness(storm: episode, in: Config()))
        #expect(Set(storm.names) == ["store", "truncate", "pin"])
        #expect(storm.names[0] == "store", "the most usual comes first")
        #expect(storm.pace == .free && storm.actors.count == 3)
        #expect(storm.scripts.allSatisfy { $0.steps.count == 48 })
        #expect(
            storm.scripts.first { $0.name == "truncate" }!.steps[..<2] == [
                "truncate f0 0", "truncate f0 64KiB",
            ])
        #expect(Witness(storm: try self.episode([["store f0 0 8"]]), in: Config()) == nil)
    }

    /// Nobody waits for what nobody did.
    @Test func gapsAreClosed() {
        func step(_ invoked: UInt64, _ returned: UInt64) -> Witness.Step {
            Witness.Step(actor: 0, order: Order(.syncfs), invoked: invoked, returned: returned)
        }
        var one = Witness(
            limit: 4096, files: [],
            steps: [
                step(0, 5_000_000), step(1_000_000, 2_000_000), step(900_000_000, 900_000_010),
            ],
            pace: .timed, names: ["a"])
        one.closeGaps()
        #expect(one.steps.map(\.invoked) == [0, 1_000_000, 5_100_000])
        #expect(one.steps.map(\.returned) == [5_000_000, 2_000_000, 5_100_010])
    }

    @Test func aTrialIsAWitnessByItself() throws {
        var episode = Episode(
            Finding(
                rule: .freshness, file: "a recycled file", offset: 8, expected: "", observed: "",
                story: ""))
        #expect(Witness(trial: episode) == nil)
        var (trial, beside) = (
            EpisodeActor(name: "trial", role: "script"),
            EpisodeActor(name: "beside", role: "script")
        )
        trial.orders = [
            try order("pwrite f0 0 68KiB", 100, 200), try order("punch f0 0 8", 300, 400),
            try order("pwrite f1 0 8KiB", 500, 600),
        ]
        beside.orders = [try order("load f0 0 8", 300, 400)]
        episode.trial = [trial, beside]
        let witness = try #require(Witness(trial: episode))
        #expect(witness.limit == 128 << 10)
        #expect(witness.files == [FileConfig(name: "f0"), FileConfig(name: "f1")])
        #expect(witness.steps.map(\.invoked) == [0, 200, 200, 400])
        #expect(witness.steps.map(\.actor) == [0, 0, 1, 0])
        #expect(witness.names == ["trial", "beside"])
    }
}
