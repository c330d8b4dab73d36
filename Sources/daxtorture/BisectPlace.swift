import DaxConfig
import DaxHost
import DaxSystem
import DaxText
import DaxTorture

/// The directory of a bisection, which this process alone works in.
struct BisectPlace: ~Copyable {
    let path: String
    /// The config of its runs.
    let config: String
    let seed: Seed
    private let held: Directory

    /// What was begun there by another config is not gone on with. A step has a directory of its own below,
    /// of the first number that is free.
    init(_ directory: String, _ config: ResolvedConfig, isStep: Bool) throws {
        try Files.makeDirectories(directory)
        let held = try Directory(directory)
        guard try held.lock() else {
            throw UsageError("--report \(directory): others are at work there")
        }
        var path = directory
        var number = 0
        while isStep && (number == 0 || Files.exists(path)) {
            number += 1
            path = "\(directory)/step-\(number)"
        }
        try Files.makeDirectories(path)
        if let earlier = try BisectPlace.earlier(path), earlier != config {
            throw UsageError(
                "--report \(path): holds a bisection by another config or seed; name another")
        }
        let file = BisectPlace.config(path)
        try Files.write(Array(config.config.text(schema: .daxtorture).utf8), to: file)
        self.held = held
        self.path = path
        self.config = file
        seed = config.seed
    }

    private static func config(_ directory: String) -> String { "\(directory)/bisect.toml" }

    /// The config of what was begun there; nil where nothing was.
    static func earlier(_ directory: String) throws -> ResolvedConfig? {
        let path = config(directory)
        guard Files.exists(path) else { return nil }
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(Files.input(path, limit: Config.mostBytes), name: path)
        return try resolver.resolved { Seed(0) }
    }
}
