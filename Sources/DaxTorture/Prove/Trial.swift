package import DaxMutants

/// Whom a kernel is proved with: a mutant, or nobody, which is the control.
package enum Subject: Hashable, Sendable {
    /// The kernel as it was shipped, on this filesystem (`ext4-dax`): whatever is found there is a
    /// false alarm, or a find.
    case control(filesystem: String)
    case mutant(Mutant)

    /// As `prove` and its report name it: `ext4-stale-punch`, `ext4-dax-control`.
    package var name: String {
        switch self {
        case .control(let filesystem): "\(filesystem)-control"
        case .mutant(let mutant): mutant.name
        }
    }

    package var filesystem: String {
        switch self {
        case .control(let filesystem): filesystem
        case .mutant(let mutant): mutant.filesystem
        }
    }

    /// The mutant; nil for a control.
    package var mutant: Mutant? {
        if case .mutant(let mutant) = self { mutant } else { nil }
    }
}

/// A kernel to be proved with: files, or nothing where each run is to find its own.
package struct ProofKernel: Hashable, Sendable {
    /// As uname(2) gives it.
    package var release: String
    package var image: String
    package var modules: String?

    package init(release: String, image: String, modules: String?) {
        self.release = release
        self.image = image
        self.modules = modules
    }
}

/// One run of the program on one kernel, from one seed.
package struct Trial: Hashable, Sendable {
    package var subject: Subject
    package var kernel: ProofKernel
    package var seed: UInt64
    package var workload: Workload

    /// What runs.
    package enum Workload: Hashable, Sendable {
        /// What runs when no config is named.
        case standard
        /// What the mutant asks for: a config, or the default if nil, and its own settings.
        case own(config: String?)
        /// A config that promises something, as it is; `name` is that of its directories.
        case promising(config: String, name: String)

        /// The name of its directories.
        var name: String {
            switch self {
            case .standard: "default"
            case .own: "own"
            case .promising(_, let name): name
            }
        }
    }

    /// What is the same for every trial of a proof.
    package struct Terms: Hashable, Sendable {
        /// How long actors run at most, as `--duration` takes it; the first violation ends a run.
        package var duration: String
        package var isDeterministic: Bool
        /// Passed on as `--set` each.
        package var settings: [String]

        package init(duration: String, isDeterministic: Bool, settings: [String] = []) {
            self.duration = duration
            self.isDeterministic = isDeterministic
            self.settings = settings
        }
    }

    /// Where its report lies below the proof's directory.
    package var directory: String {
        "\(kernel.release)/\(subject.name)/\(workload.name)-\(seed)"
    }

    package init(subject: Subject, kernel: ProofKernel, seed: UInt64, workload: Workload) {
        (self.subject, self.kernel, self.seed, self.workload) = (subject, kernel, seed, workload)
    }

    /// The trial of a job by the default workload.
    package init(_ job: Prover.Job) {
        (subject, kernel, seed, workload) = (job.subject, job.kernel, job.seed, .standard)
    }

    /// The program's arguments, for a report in `directory`; the first is the subcommand.
    package func arguments(_ terms: Terms, report directory: String) -> [String] {
        var arguments = [
            "run", "--fs", subject.filesystem, "--seed", "\(seed)", "--duration", terms.duration,
            "--report", directory, "--kernel", kernel.image, "--set", "run.until=violation",
        ]
        if let modules = kernel.modules { arguments += ["--modules", modules] }
        var settings = terms.settings
        switch workload {
        case .standard: break
        case .own(let config):
            if let config { arguments += ["--config", config] }
            settings = (subject.mutant?.settings ?? []) + settings
        case .promising(let config, _): arguments += ["--config", config]
        }
        if let mutant = subject.mutant { arguments += ["--mutant", mutant.name] }
        if terms.isDeterministic { arguments.append("--deterministic") }
        return arguments + settings.flatMap { ["--set", $0] }
    }
}
