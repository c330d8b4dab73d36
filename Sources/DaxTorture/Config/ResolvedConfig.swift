package import DaxText

/// A config that breaks no rule of docs/config.md and has its seed: what a run begins with.
///
/// Only a ``Resolver`` makes one: whatever a user can get wrong in a config was refused by then, before
/// anything is made, mounted or booted. A key is read as one of ``Config``'s.
@dynamicMemberLookup
package struct ResolvedConfig: Hashable, Sendable {
    /// The keys; `run.seed` is ``seed``.
    package let config: Config
    /// From which every random choice follows.
    package let seed: Seed

    /// `config` breaks no rule; where it has no seed, one is drawn.
    init(_ config: Config, drawing draw: () -> Seed) {
        seed = config.run.seed ?? draw()
        var config = config
        config.run.seed = seed
        self.config = config
    }

    package subscript<Value>(dynamicMember path: KeyPath<Config, Value>) -> Value {
        config[keyPath: path]
    }

    /// The config with what the program decides by itself, which must break no rule either. The seed
    /// stays.
    package func changing(_ change: (inout Config) throws -> Void) rethrows -> ResolvedConfig {
        var config = config
        try change(&config)
        precondition(config.brokenRule() == nil, "the program's own choice breaks a rule")
        config.run.seed = seed
        return ResolvedConfig(config) { seed }
    }
}
