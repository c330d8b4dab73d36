package import DaxConfig
import DaxModel
import DaxMutants
import DaxText

/// A promise of a config, and what the runs by which it is held to it came to.
package struct PromiseTrials: Sendable {
    /// What the config is called.
    package let config: String
    private let path: String
    package let promise: Promise
    /// The latest seed that was tried, and what it came to.
    private var latest: (seed: UInt64, outcome: Outcome)?
    package private(set) var isKept = false

    /// The config at `path` is called `config`.
    package init(_ promise: Promise, of config: String, at path: String) {
        (self.promise, self.config, self.path) = (promise, config, path)
    }

    /// The trial from `seed`; nil for a mutant that is not known.
    func trial(seed: UInt64, on kernel: ProofKernel) -> Trial? {
        guard let filesystem = promise.fs?.rawValue else { return nil }
        var subject = Subject.control(filesystem: filesystem)
        if let name = promise.mutant {
            guard let mutant = Mutant.named(name) else { return nil }
            subject = .mutant(mutant)
        }
        return Trial(
            subject: subject, kernel: kernel, seed: seed,
            workload: .promising(config: path, name: "\(config)-\(promise.name)"))
    }

    /// Takes what a seed came to. A bug that a race decides has several seeds to show in; a sound kernel
    /// has one to come out clean.
    package mutating func add(_ outcome: Outcome, seed: UInt64) {
        latest = (seed, outcome)
        switch (promise.shows, outcome) {
        case (.broken, .found(let discovery)):
            isKept = !Set(discovery.rules).isDisjoint(with: promise.rules)
        case (.sound, .clean): isKept = true
        case (.broken, .clean), (.broken, .untested), (.sound, .found), (.sound, .untested),
            (nil, _):
            isKept = false
        }
    }

    /// How many of `seeds` are worth a run.
    package func seeds(of seeds: UInt64) -> UInt64 { promise.shows == .broken ? seeds : 1 }

    /// The line of TAP, the `number`th.
    package func tap(_ number: Int) -> String {
        var line = "\(isKept ? "ok" : "not ok") \(number) - \(config): "
        line += "\(promise.shows?.rawValue ?? "-") \(promise.fs?.rawValue ?? "-") "
        line += promise.kernel ?? "-"
        if let mutant = promise.mutant { line += " \(mutant)" }
        line += " (\(account)"
        if !isKept && !promise.rules.isEmpty {
            line += "; promised \(PromiseTrials.list(promise.rules))"
        }
        return line + ")" + (promise.isTodo ? " # TODO not seen yet" : "")
    }

    private static func list(_ rules: [Rule]) -> String {
        rules.map(\.description).joined(separator: " ")
    }

    private var account: String {
        guard let latest else { return "its kernel cannot be had" }
        let seed = "seed \(latest.seed)"
        switch latest.outcome {
        case .clean: return "clean, \(seed)"
        case .found(let discovery): return "\(PromiseTrials.list(discovery.rules)), \(seed)"
        // No # begins a directive here.
        case .untested(let reason):
            return "untested, \(seed): \(Layout.oneLine(reason).replacing("#", with: ""))"
        }
    }
}

extension Prover {
    /// Runs promises one after the other, each from seeds from 1 on until one keeps it; `kernels` are by
    /// the names that promises give them. `done` gets each that is decided; it ends before that where
    /// `isInterrupted`.
    package func hold(
        _ promises: [PromiseTrials], to seeds: UInt64, on kernels: [String: ProofKernel],
        isInterrupted: () -> Bool, done: (PromiseTrials) -> Void
    ) {
        for var promise in promises {
            if let kernel = promise.promise.kernel.flatMap({ kernels[$0] }) {
                for seed in 1...promise.seeds(of: seeds) where !promise.isKept {
                    guard let trial = promise.trial(seed: seed, on: kernel) else { break }
                    guard let outcome = run(trial, isInterrupted: isInterrupted) else { return }
                    promise.add(outcome, seed: seed)
                }
            }
            done(promise)
        }
    }
}
