/// What an epoch is for (docs/steering.md).
package enum EpochKind: BitwiseCopyable, Sendable {
    /// Everybody does as the config says.
    case free
    /// Two actors duel.
    case steered
    /// Nobody takes pages out of the mappings, so that these grow old.
    case keepsMappings
}
