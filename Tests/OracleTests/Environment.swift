import Glibc

/// What the environment asks of the tests.
enum Environment {
    /// A count from a variable; nil if it is unset or no number.
    static func count(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

    static func text(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
