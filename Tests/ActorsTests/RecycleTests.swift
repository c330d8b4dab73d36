import DaxModel
import DaxSystem
import TestSupport
import Testing

@testable import DaxActors
@testable import DaxOperations

/// Trials on a recycled file, on the host: it needs no DAX, and the host's kernel is sound.
@Suite struct RecycleTests {
    private let lone: LoneContext
    private let trials: RecycleTrials
    private var context: ActorContext { lone.context }
    private var own: RecycledFile { trials.own }

    init() throws {
        lone = try LoneContext("recycle")
        trials = try RecycleTrials(lone.context)
    }

    @Test(arguments: RecycledFile.Holder.allCases, RecycledFile.Cut.allCases)
    func aSoundTrialFindsNothing(_ holder: RecycledFile.Holder, _ cut: RecycledFile.Cut) {
        for _ in 0..<3 { trials.recycle(pages: 16, by: holder, cut: cut, for: 0) }
        #expect(context.trouble == nil)
        #expect(context.takeFindings().isEmpty)
        #expect(context.log.records.count { $0.kind == holder.kind && $0.outcome == .done } == 3)
    }

    @Test(arguments: [false, true]) func aSoundShiftFindsNothing(_ inserting: Bool) {
        for pages in [1, 3] as [UInt64] { trials.shift(pages: pages, inserting: inserting) }
        #expect(context.trouble == nil)
        #expect(context.takeFindings().isEmpty)
        #expect(context.log.records.count { $0.kind == .shiftedLoad } == 2)
    }

    @Test(arguments: RecycledFile.PartialPunch.allCases, [false, true])
    func aSoundPartialPunchFindsNothing(_ punch: RecycledFile.PartialPunch, _ sparse: Bool) {
        for words in [0..<512, 5..<6, 100..<1000, 0..<1536] as [Range<UInt64>] {
            for storing in [false, true] {
                trials.punchPartly(pages: 3, words, by: punch, sparse: sparse, storing: storing)
            }
        }
        #expect(context.trouble == nil)
        #expect(context.takeFindings().isEmpty)
        #expect(context.log.records.count { $0.kind == .partialPunchLoad } == 8)
    }

    @Test(arguments: [99, 100, 199, 200]) func aWordTooMuchOrTooLittleIsSeen(_ word: Int) throws {
        own.hole = 100..<200
        for word in 0..<512 { own.seen[word] = own.hole.contains(word) ? 0 : own.given[word] }
        #expect(own.firstWrong(512, .partlyPunched) == nil)
        own.seen[word] = own.hole.contains(word) ? own.given[word] : 0
        #expect(own.firstWrong(512, .partlyPunched) == word)
    }

    /// What was stored beside the carving may be there, and nothing else of what was carved out.
    @Test func ofAStoredPageOnlyItsFirstWordMayBeThere() throws {
        own.hole = 0..<1024
        for word in 0..<1024 { own.seen[word] = word == 512 ? own.given[word] : 0 }
        #expect(own.firstWrong(1024, .partlyPunched, touched: true) == nil)
        #expect(own.firstWrong(1024, .partlyPunched) == 512)
        own.seen[513] = own.given[513]
        #expect(own.firstWrong(1024, .partlyPunched, touched: true) == 513)
        (own.seen[512], own.seen[513]) = (own.given[0], 0)
        #expect(own.firstWrong(1024, .partlyPunched, touched: true) == 512)
    }

    @Test func everyWordThatMayNotBeThereIsSeen() throws {
        for (expected, value, isRight) in [
            (.given, own.given[5], true), (.given, 0, false), ([.given, .zero], 0, true),
            (.zero, own.given[5], false), (.given, own.given[RecycledFile.words + 5], false),
            (.nextOwners, own.given[RecycledFile.words + 5], true),
            (.nextOwners, own.given[5], false),
        ] as [(RecycledFile.Expected, UInt64, Bool)] {
            for word in 0..<8 {
                own.seen[word] =
                    expected.contains(.nextOwners)
                    ? own.given[RecycledFile.words + word]
                    : expected.contains(.given) ? own.given[word] : 0
            }
            own.seen[5] = value
            #expect(own.firstWrong(8, expected) == (isRight ? nil : 5))
        }
    }

    @Test(arguments: [(512, false), (-512, true)])
    func aWordThatDidNotMoveIsSeen(_ shift: Int, _ isZero: Bool) throws {
        own.shift = shift
        for word in 0..<512 { own.seen[word] = isZero ? 0 : own.given[word + 512] }
        #expect(own.firstWrong(512, .shifted) == nil)
        own.seen[9] = own.given[9]
        #expect(own.firstWrong(512, .shifted) == 9)
    }

    @Test func whatAnotherOwnerWroteIsR1AndWhatIsLostIsR3() throws {
        trials.recycle(pages: 1, by: .read, cut: .punch, for: 0)
        for word in 0..<3 { own.seen[word] = own.given[word] }
        own.seen[2] = own.given[RecycledFile.words + 2]
        trials.judge(3, .given, "a test")
        own.seen.fill(0..<3, with: 0)
        trials.judge(3, .nextOwners, "a test")
        let findings = context.takeFindings()
        #expect(findings.map(\.rule) == [.provenance, .freshness])
        // What it was told of is there: who wrote, who cut, who looked.
        let proofs = findings.compactMap(\.proof)
        #expect(proofs.map(\.due) == ["what was written there", "what was written there"])
        guard case .own("the next owner's word") = proofs[0].found, case .zero = proofs[1].found
        else {
            Issue.record("\(proofs)")
            return
        }
        let events = findings[0].events
        #expect(events.map(\.record.kind).first == .create && events.count >= 3)
        #expect(
            events.contains { $0.name == "PUNCH_HOLE" && $0.effect.hasPrefix("zeroed it") }
        )
        #expect(events.last?.name == "a test")
        #expect(events.last?.effect == "found \(findings[0].observed)")
        let times = events.map(\.record.interval.returned)
        #expect(times == times.sorted())
    }

    /// A stamp of another's says from which file it is.
    @Test func theWriterOfAForeignWordIsFound() throws {
        trials.shift(pages: 1, inserting: false)
        func origin(_ stamp: Stamp) -> WordOrigin {
            context.origin(of: stamp.rawValue) { _ in "own" }
        }
        guard
            case .fileUnderTest(let stampOwner) = origin(
                lone.key.stamp(actor: 1, sequence: 9, file: 0, word: 4711)),
            stampOwner == (1, 9, 0, 4711)
        else {
            Issue.record("not found")
            return
        }
        guard
            case .ownFile(5, 8) = origin(
                lone.key.stamp(actor: 5, sequence: 8, file: 0x4005, word: 77))
        else {
            Issue.record("not found")
            return
        }
        guard case .own("own") = origin(Stamp(rawValue: own.given[700])) else {
            Issue.record("not its own")
            return
        }
        guard case .canary = origin(lone.key.stamp(actor: 255, sequence: 1, file: 0x8001, word: 7))
        else {
            Issue.record("no canary's")
            return
        }
        guard case .nobody = origin(Stamp(rawValue: 0x0300_0000_0000_0001)) else {
            Issue.record("somebody's")
            return
        }
    }

    @Test func forgottenMemoryIsZero() {
        var buffer = Buffer(words: 1024)
        buffer.fill(0..<1024, with: 7)
        buffer.dontNeed()
        #expect((0..<1024).allSatisfy { buffer[$0] == 0 })
    }

    /// The script of a trial, but for the last call, which empties the file.
    private func script(of word: Int, nextOwners: Bool = false, beside: Bool) -> [String] {
        trials.script(word, nextOwners: nextOwners).filter { $0.isBeside == beside }
            .map(\.order.description).dropLast(beside ? 0 : 1)
    }

    @Test func aPartialPunchIsAScript() {
        trials.punchPartly(pages: 8, 100..<1000, by: .punch, sparse: false)
        let around = ["f0 0 4KiB", "f0 4KiB 4KiB", "f0 8KiB 4KiB"]
        #expect(
            script(of: 600, beside: false)
                == ["pwrite f0 0 32KiB"] + around.map { "load \($0)" } + ["punch f0 800 7200"]
                + around.map { "load \($0)" } + around.map { "pread \($0)" })
        #expect(
            Set(script(of: 600, beside: true)) == [
                "load f0 0 8", "load f0 4KiB 8", "load f0 8KiB 8",
            ])
        trials.punchPartly(pages: 3, 0..<1536, by: .truncate, sparse: true)
        // As it is while the trial goes on.
        own.isSparse = true
        #expect(
            script(of: 0, beside: false) == [
                "pwrite f0 0 4KiB", "pwrite f0 8KiB 4KiB", "truncate f0 12KiB", "load f0 0 4KiB",
                "load f0 4KiB 4KiB", "load f0 8KiB 4KiB", "truncate f0 0", "truncate f0 12KiB",
                "load f0 0 4KiB", "load f0 4KiB 4KiB", "load f0 8KiB 4KiB", "pread f0 0 4KiB",
                "pread f0 4KiB 4KiB", "pread f0 8KiB 4KiB",
            ])
    }

    @Test func aCopyThatIsHeldIsAScriptOfTwo() {
        trials.recycle(pages: 2, by: .pin, cut: .truncate, for: 3_000_000)
        let cut = [
            "pwrite f0 0 8KiB", "truncate f0 0", "fsync f0", "pwrite f1 0 8KiB", "fsync f1",
        ]
        let looks = ["pread f0 0 4KiB", "pread f0 4KiB 4KiB"]
        #expect(script(of: 1, beside: false) == cut + looks + looks)
        #expect(script(of: 1, beside: true) == ["pin f0 0 4KiB 3ms"])
        trials.recycle(pages: 2, by: .write, cut: .punch, for: 5_000_000)
        #expect(script(of: 1, beside: false)[1] == "punch f0 0 8KiB")
        let held = trials.holdsCopies
        #expect(
            script(of: 600, beside: true)
                == [held ? "held-write f0 4KiB 4KiB 20ms" : "pwrite f0 0 8KiB"])
        trials.recycle(pages: 2, by: .read, cut: .punch, for: 5_000_000)
        #expect(
            script(of: 600, beside: true)
                == [held ? "held-read f0 4KiB 4KiB 20ms" : "pread f0 4KiB 4KiB"])
        // What is done while it is held begins behind it.
        let steps = trials.script(1, nextOwners: false)
        let holder = steps.first { $0.isBeside }
        #expect(
            steps.allSatisfy {
                $0.order.verb != .punch || $0.interval.invoked > holder!.interval.invoked
            })
    }

    /// What allocates is a store, and not a load, where the trial stored.
    @Test func whatATrialStoredItsScriptStores() {
        trials.punchPartly(pages: 2, 0..<1024, by: .punch, sparse: false, storing: true)
        #expect(Set(script(of: 1, beside: true)) == ["store f0 0 8", "store f0 4KiB 8"])
        trials.punchPartly(pages: 2, 0..<1024, by: .punch, sparse: false)
        #expect(Set(script(of: 1, beside: true)) == ["load f0 0 8", "load f0 4KiB 8"])
    }

    /// A script may not let a file grow beyond its size unseen.
    @Test(arguments: [false, true]) func anInsertIsNone(_ inserting: Bool) {
        trials.shift(pages: 1, inserting: inserting)
        #expect(script(of: 1, beside: false).isEmpty == inserting)
        if !inserting { #expect(script(of: 1, beside: false).contains("collapse f0 0 4KiB")) }
    }
}
