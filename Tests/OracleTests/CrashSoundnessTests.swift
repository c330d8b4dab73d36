import DaxModel
import DaxOracle
import TestSupport
import Testing

/// R14 on a small machine: stores go to memory, some reach the medium by chance, a sync makes all of them
/// durable at an instant of its interval, and the power is cut. Whatever is left must pass; and where a sync
/// leaves out a page, some of what is left must not.
@Suite struct CrashSoundnessTests {
    private static let pages = 3

    /// How many of `runs` machines show a violation.
    private func violated(runs: UInt64, seed: UInt64, syncLosesPage: Bool) -> Int {
        (0..<runs).count { run in
            var random = Random(seed: seed, stream: run)
            return isViolated(&random, syncLosesPage: syncLosesPage)
        }
    }

    private func isViolated(_ random: inout Random, syncLosesPage: Bool) -> Bool {
        let words = CrashSoundnessTests.pages * History.pageWords
        var memory = ContiguousArray<UInt64>(repeating: 0, count: words)
        var durable = memory
        var history = Make.history(words: memory, size: UInt64(words * 8))
        var durability = Durability()
        // Each takes effect at an instant, and its interval is around that.
        var instant: UInt64 = 10
        for step in 1...UInt32(12) {
            instant += 10
            let interval = Make.interval(
                instant - random.below(UInt64(9)), instant + random.below(UInt64(9)))
            let page = random.below(CrashSoundnessTests.pages)
            let word = page * History.pageWords
            switch random.weighted([6, 2, 2, 3]) {
            case 0:
                memory[word] = Make.stamp(1, step, UInt64(word))
                history.wrote(
                    1, step, UInt64(word)..<UInt64(word + 1), interval.invoked.ticks,
                    interval.returned.ticks)
                durability.store(
                    Make.operation(1, step),
                    PageNumber(rawValue: UInt64(page))..<PageNumber(rawValue: UInt64(page + 1)),
                    over: interval)
            case 1:
                memory[word] = 0
                history.zeroed(
                    1, step, UInt64(word)..<UInt64(word + 1), interval.invoked.ticks,
                    interval.returned.ticks)
            case 2:
                for each in 0..<CrashSoundnessTests.pages where !syncLosesPage || each != 1 {
                    durable[each * History.pageWords] = memory[each * History.pageWords]
                }
                durability.sync(Make.operation(2, step), 0..<3, over: interval)
                durability.writeBack(over: interval)
            default:
                durable[word] = memory[word]
            }
        }
        let cut = Make.interval(instant + 10, instant + 11)
        let recovered = history.recovering(
            RecoveredFile(size: UInt64(words * 8), words: durable), cutAt: cut,
            Make.operation(.harness),
            Acknowledgements(
                durability, begin: Timestamp(ticks: 1), pages: CrashSoundnessTests.pages, .settled))
        return !Make.oracle.judge(recovered).isClean
    }

    @Test func whatASoundMachineLeavesPasses() {
        #expect(violated(runs: 3000, seed: 1, syncLosesPage: false) == 0)
    }

    @Test func whatASyncLostIsSeen() {
        #expect(violated(runs: 300, seed: 2, syncLosesPage: true) > 60)
    }
}
