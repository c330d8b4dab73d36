internal import DaxSystem

/// What a kernel was configured with: a `.config`, or a distribution's `config-RELEASE`.
package struct KernelConfig: Equatable, Sendable {
    /// How an option is set.
    package enum Setting: Equatable, Sendable {
        /// `=y`
        case builtIn
        /// `=m`
        case module
        /// "is not set", or not there at all: kconfig leaves out what it does not ask for.
        case off
        /// A number or a string, as it is written.
        case value(String)
    }

    private let settings: [String: Setting]

    /// Reads lines `CONFIG_NAME=y`; all others are comments. Nil where not one of them is there.
    package init?(text: String) {
        var settings: [String: Setting] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix(KernelConfig.prefix) {
            guard let equals = line.firstIndex(of: "=") else { continue }
            let name = line[..<equals].dropFirst(KernelConfig.prefix.count)
            settings[String(name)] =
                switch line[line.index(after: equals)...] {
                case "y": .builtIn
                case "m": .module
                case "n": .off
                case let value: .value(String(value))
                }
        }
        if settings.isEmpty { return nil }
        self.settings = settings
    }

    private static let prefix = "CONFIG_"

    /// Reads a file, which a user may have named.
    package init(path: String) throws(MachineError) {
        let text = try onHost { () throws(SystemError) in try Files.text(path) }
        guard let config = KernelConfig(text: text) else {
            throw .notAConfig(path: path)
        }
        self = config
    }

    /// How an option is set, by its name without CONFIG_.
    package subscript(name: String) -> Setting { settings[name] ?? .off }
}
