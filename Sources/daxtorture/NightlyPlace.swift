import ArgumentParser
import DaxConfig
import DaxHost
import DaxMachine
import DaxModel
import DaxMutants
import DaxNightly
import DaxProve
import DaxSystem
import DaxText
import DaxTorture

/// A matrix as files, kernels and configs that are there: what a night's plan is made of.
struct NightlyPlace {
    let matrix: Matrix
    /// What nights of it are called: the file's name without its end.
    let name: String
    /// Of its bytes, and of what the command line adds.
    let digest: String
    private let directory: String
    private let set: [String]

    /// Reads the matrix at `path`; `set` goes to every run.
    init(_ path: String, set: [String]) throws {
        let bytes = try ShippedConfigs.read(path)
        matrix = try Matrix(bytes, name: path)
        directory = Files.parent(of: path)
        self.set = set
        var name = path.split(separator: "/").last.map(String.init) ?? path
        if name.hasSuffix(".toml") { name.removeLast(5) }
        self.name = name
        var sum: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes + Array(set.joined(separator: "\n").utf8) {
            sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        digest = hex(sum)
    }

    /// The kernels that ci/fetch-kernel is to bring.
    var kernelNames: [String] {
        var names: [String] = []
        for kernel in matrix.kernels {
            let name = kernel.kernel ?? kernel.name
            if path(of: name) == nil, KernelName(name) != nil, !names.contains(name) {
                names.append(name)
            }
        }
        return names
    }

    /// The night's plan: without what `before` left open it is that of a first night.
    func plan(
        budget: Double?, nights: Nights, jobs: Int, now: UInt64
    ) throws -> NightPlan {
        var plan = NightPlan(
            matrix: name, digest: digest, started: now, budget: budget,
            kernels: try matrix.kernels.map(kernel),
            options: try matrix.options.map { options in
                NightOptions(
                    name: options.name, set: options.set + set,
                    filesystems: options.filesystems.map(\.rawValue),
                    configs: try options.configs.map { try config($0).name })
            }, configs: try matrix.configs.map(config), baseline: matrix.baseline,
            known: try matrix.known.map(file), repeats: matrix.repeats, keep: matrix.keep)
        let names = Set(plan.configs.map(\.name))
        guard names.count == plan.configs.count else {
            throw UsageError("\(name): two configs are called the same")
        }
        let releases = plan.kernels.reduce(into: [String: KernelVersion]()) { found, kernel in
            found[kernel.name] = kernel.image.flatMap { try? KernelImage(path: $0) }
                .flatMap { KernelVersion(release: $0.release) }
        }
        let configs = plan.configs
        let candidates = Planner.candidates(
            of: &plan, filesystems: matrix.filesystems.map(\.rawValue),
            isLeft: { one in
                guard matrix.sound,
                    let known = configs.first(where: { $0.name == one.config })?.knownFailure,
                    known.filesystem == nil || known.filesystem == one.filesystem,
                    let last = KernelVersion(release: known.until)
                else { return false }
                return releases[one.kernel].map { $0 <= last } ?? true
            }, refusal: refusal)
        guard !candidates.isEmpty else {
            throw UsageError(
                "\(name): there is nothing to run"
                    + (plan.unsuited.first.map { "; \($0.combination): \($0.reason)" } ?? ""))
        }
        guard candidates.count * Int(matrix.seeds) <= Matrix.mostRuns else {
            throw UsageError(
                "\(name): \(candidates.count * Int(matrix.seeds)) runs are more than a night has "
                    + "(\(Matrix.mostRuns))")
        }
        let planner = Planner(costs: nights.costs, jobs: jobs) { Seed(.random(in: 0...(.max))) }
        planner.fill(
            &plan, candidates, seeds: Int(matrix.seeds), duration: matrix.duration,
            failed: nights.open(before: now, of: name))
        return plan
    }

    /// Why a run would refuse its arguments, in its own words; nil where it would not.
    private func refusal(_ arguments: [String]) -> String? {
        do {
            _ = try Run.parse(Array(arguments.dropFirst())).options.resolve(.daxtorture)
            return nil
        } catch { return Layout.oneLine("\(error)") }
    }

    private func kernel(_ kernel: MatrixKernel) throws -> NightKernel {
        var found = NightKernel(name: kernel.name, image: nil, set: kernel.set)
        if let name = kernel.mutant {
            guard let mutant = Mutant.named(name) else {
                let hint = nearest(to: name, among: Mutant.all.map(\.name))
                throw UsageError(
                    "\(self.name): kernel.\(kernel.name).mutant: there is no \(name)"
                        + (hint.map { "; the nearest is \($0)" } ?? ""))
            }
            found.mutant = NightKernel.Mutation(name: name, filesystem: mutant.filesystem)
        }
        let name = kernel.kernel ?? kernel.name
        do throws(KernelsError) {
            if let path = path(of: name) {
                let files = try KernelDirectory.files(at: path)
                (found.image, found.modules) = (files.image, files.modules)
            } else if let known = KernelName(name) {
                guard let place = known.directory(inCache: CacheDirectory.path) else {
                    throw KernelsError(
                        "kernel \(name) is not in the cache; daxtorture fetch \(name) brings it")
                }
                let files = try KernelDirectory.files(at: place)
                (found.image, found.modules) = (files.image, files.modules)
            } else {
                throw KernelsError("kernel \(name) is no file, and no kernel's name")
            }
        } catch { found.problem = error.description }
        if let modules = kernel.modules { found.modules = try file(modules) }
        return found
    }

    private func config(_ name: String) throws -> NightConfig {
        // Beside the matrix a directory may be called as a config is.
        let own = path(of: name).flatMap { Files.kind($0) == .directory ? nil : $0 }
        let path = own ?? ShippedConfigs.path(of: name)
        var resolver = Resolver(schema: .daxtorture)
        let bytes: [UInt8]
        do { bytes = try ShippedConfigs.read(path) } catch {
            let hint = nearest(to: name, among: ShippedConfigs.names)
            throw UsageError(
                "\(self.name): configs: \(error)" + (hint.map { "; the nearest is \($0)" } ?? ""))
        }
        try resolver.read(bytes, name: path)
        var short = path.split(separator: "/").last.map(String.init) ?? path
        if short.hasSuffix(".toml") { short.removeLast(5) }
        let fit = short.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "-" }
        return NightConfig(
            name: String(fit), path: path,
            knownFailure: resolver.knownFailure.flatMap { known in
                guard let until = known.until, let reason = known.reason else { return nil }
                return NightConfig.KnownFailureText(
                    until: until, reason: reason, filesystem: known.fs?.rawValue)
            })
    }

    /// A path that a matrix names, from its own directory, in full: a shard may run elsewhere.
    private func file(_ name: String) throws -> String {
        guard let path = path(of: name) else { throw UsageError("\(self.name): no \(name) there") }
        return path
    }

    private func path(of name: String) -> String? {
        try? Files.canonical(name.hasPrefix("/") ? name : "\(directory)/\(name)")
    }
}
