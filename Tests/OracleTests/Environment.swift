import DaxSystem

/// What the environment asks of the tests.
enum Environment {
    /// A count from a variable; nil if it is unset or no number.
    static func count(_ name: String) -> Int? { Files.environment(name).flatMap { Int($0) } }
}
