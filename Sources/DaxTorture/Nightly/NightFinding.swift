import DaxModel
package import DaxText

/// A failure of a kernel and filesystem, from night to night: what its signatures have in common.
package struct NightFinding: Hashable, Sendable {
    /// What is known of a failure by the nights before.
    package enum State: String, CaseIterable, Hashable, Sendable {
        /// Seen, and not before.
        case new
        /// Seen, and not fixed since it was seen before.
        case still
        /// Seen before, and tonight not looked for often enough to say that it is gone.
        case unseen
        /// Seen before, and not in as many runs since as would have shown it.
        case fixed
        /// What kernels as they are shipped are known to fail, by the config that shows it.
        case known

        /// Whether a later night is to be compared with it.
        package var isOpen: Bool { self == .new || self == .still || self == .unseen }
    }

    /// In how many of so many runs it showed.
    package struct Tries: Hashable, Sendable {
        package var shown: Int
        package var runs: Int

        package init(_ shown: Int, of runs: Int) { (self.shown, self.runs) = (shown, runs) }

        /// Whether it showed in some of them and not in others.
        package var isMixed: Bool { shown > 0 && shown < runs }
    }

    /// A run that showed it.
    package struct Origin: Hashable, Sendable {
        package var run: String
        package var combination: String
        package var seed: Seed

        package init(run: String, combination: String, seed: Seed) {
            (self.run, self.combination, self.seed) = (run, combination, seed)
        }
    }

    package var kernel: String
    package var filesystem: String
    /// Rule and what was seen: `Signature.head`.
    package var head: String
    package var state: State
    /// The signatures in full, tonight.
    package var signatures: [String] = []
    /// How many violations, tonight.
    package var count: UInt64 = 0
    /// The first sentence of the first.
    package var sentence = ""
    /// The runs that showed it, tonight.
    package var runs: [String] = []
    /// The combinations in which it was ever seen since it is open.
    package var combinations: [String] = []
    /// The run by which it can be repeated.
    package var origin: Origin?
    /// What came of trying it again, on its kernel.
    package var tries: Tries?
    /// The same on the baseline kernel.
    package var baseline: Tries?
    /// The nights in which it was seen first and last.
    package var first: String
    package var last: String
    /// How many runs there were without it since it was seen last, of those combinations.
    package var without = 0
    /// Why it is known.
    package var reason: String?

    package init(
        kernel: String, filesystem: String, head: String, state: State, first: String, last: String
    ) {
        (self.kernel, self.filesystem, self.head) = (kernel, filesystem, head)
        (self.state, self.first, self.last) = (state, first, last)
    }

    /// Whether it shows in some runs and not in others, from one seed.
    package var isFlaky: Bool { tries.map { $0.shown < $0.runs } ?? false }

    /// How many runs without it say that it is gone: as many as would have shown it with a probability of
    /// 95 %, at the rate at which it showed when it was tried again. What always did is gone with the first.
    package var needed: Int {
        guard let tries, tries.runs > 0 else { return 3 }
        if tries.shown == tries.runs { return 1 }
        let rate = Double(tries.shown + 1) / Double(tries.runs + 2)
        var (left, runs) = (1.0, 0)
        while left > 0.05 {
            left *= 1 - rate
            runs += 1
        }
        return runs
    }

    /// Whether it is the same failure as `other`.
    func isSame(as other: NightFinding) -> Bool {
        kernel == other.kernel && filesystem == other.filesystem && head == other.head
    }
}

extension NightFinding {
    package var json: JSON {
        func tries(_ tries: Tries?) -> JSON {
            .optional(
                tries.map {
                    ["shown": .number(UInt64($0.shown)), "runs": .number(UInt64($0.runs))]
                }
            )
        }
        return [
            "state": .string(state.rawValue), "flaky": .bool(isFlaky), "signature": .string(head),
            "kernel": .string(kernel), "fs": .string(filesystem), "count": .number(count),
            "sentence": .string(sentence), "signatures": .strings(signatures),
            "runs": .strings(runs), "combinations": .strings(combinations),
            "origin": .optional(
                origin.map {
                    [
                        "run": .string($0.run), "combination": .string($0.combination),
                        "seed": .string($0.seed.description),
                    ]
                }),
            "tries": tries(self.tries), "baseline_tries": tries(baseline),
            "first_night": .string(first), "last_night": .string(last),
            "runs_without": .number(UInt64(without)), "runs_needed": .number(UInt64(needed)),
            "reason": .optional(reason.map { .string($0) }),
        ]
    }

    package init(json: JSON) throws(NightError) {
        func tries(_ name: String) -> Tries? {
            guard let found = json[name], let shown = found["shown"]?.count,
                let runs = found["runs"]?.count
            else { return nil }
            return Tries(Int(clamping: shown), of: Int(clamping: runs))
        }
        state = try json.member("state") { $0.string.flatMap { State(rawValue: $0) } }
        head = try json.member("signature", \.string)
        kernel = try json.member("kernel", \.string)
        filesystem = try json.member("fs", \.string)
        first = try json.member("first_night", \.string)
        last = try json.member("last_night", \.string)
        count = json["count"]?.count ?? 0
        sentence = json["sentence"]?.string ?? ""
        signatures = json["signatures"]?.strings ?? []
        runs = json["runs"]?.strings ?? []
        combinations = json["combinations"]?.strings ?? []
        without = Int(clamping: json["runs_without"]?.count ?? 0)
        reason = json["reason"]?.string
        if let origin = json["origin"], let run = origin["run"]?.string,
            let combination = origin["combination"]?.string,
            let seed = origin["seed"]?.string.flatMap({ Seed($0) })
        {
            self.origin = Origin(run: run, combination: combination, seed: seed)
        }
        self.tries = tries("tries")
        baseline = tries("baseline_tries")
    }
}
