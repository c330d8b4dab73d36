import DaxConfig
import DaxModel
import DaxProve
import Testing

/// Whether a promise was kept.
@Suite struct PromiseTrialsTests {
    private func trials(_ shows: Promise.Shown, _ rules: [Rule] = []) -> PromiseTrials {
        var promise = Promise(name: "one")
        (promise.shows, promise.fs, promise.kernel) = (shows, .xfs, "6.1-cloud")
        promise.rules = rules
        return PromiseTrials(promise, of: "lost-size", at: "lost-size.toml")
    }

    private func found(_ rules: Rule...) -> Outcome {
        .found(Outcome.Discovery(rules: rules, seconds: 1, operations: 1, sentence: "s"))
    }

    @Test func aBrokenKernelBreaksOneOfItsRules() {
        var trials = trials(.broken, [.size, .bystanders])
        #expect(trials.seeds(of: 3) == 3)
        trials.add(.clean, seed: 1)
        #expect(!trials.isKept)
        trials.add(found(.freshness), seed: 2)
        #expect(!trials.isKept)
        #expect(
            trials.tap(4)
                == "not ok 4 - lost-size: broken xfs-dax 6.1-cloud (R3, seed 2; promised R6 R9)")
        trials.add(found(.freshness, .bystanders), seed: 3)
        #expect(trials.isKept)
        #expect(trials.tap(4) == "ok 4 - lost-size: broken xfs-dax 6.1-cloud (R3 R9, seed 3)")
    }

    @Test func aSoundKernelIsCleanAtOnce() {
        var trials = trials(.sound)
        #expect(trials.seeds(of: 3) == 1)
        trials.add(.untested("no #1"), seed: 1)
        #expect(!trials.isKept && trials.tap(1).hasSuffix("(untested, seed 1: no 1)"))
        trials.add(found(.freshness), seed: 1)
        #expect(!trials.isKept)
        trials.add(.clean, seed: 1)
        #expect(trials.isKept)
    }

    @Test func whatWasNotTriedIsNotKept() {
        #expect(
            trials(.sound).tap(2)
                == "not ok 2 - lost-size: sound xfs-dax 6.1-cloud (its kernel cannot be had)")
    }
}
