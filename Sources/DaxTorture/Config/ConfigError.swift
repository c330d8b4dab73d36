/// Something in a config that cannot be run: one line that says where, which key, and why.
public struct ConfigError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `configs/punch.toml:7`, `--set run.epoch=0s` or `--fs`; nil for what nobody wrote.
    public var place: String?
    /// `run.duration`; nil when the trouble is with the text as a whole.
    public var key: String?
    public var message: String

    public init(place: String?, key: String?, message: String) {
        self.place = place
        self.key = key
        self.message = message
    }

    public var description: String {
        [place, key, message].compactMap { $0 }.joined(separator: ": ")
    }
}

/// Why one value does not fit its key.
struct Misfit: Error {
    var message: String
}
