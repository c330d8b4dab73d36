/// Where the kernel shows its devices; tests put made trees here.
package struct Roots: Hashable, Sendable {
    /// Where sysfs is mounted.
    package var sys: String
    /// Where procfs is mounted.
    package var proc: String
    /// Where device nodes are.
    package var dev: String

    package init(sys: String = "/sys", proc: String = "/proc", dev: String = "/dev") {
        self.sys = sys
        self.proc = proc
        self.dev = dev
    }
}

/// What was learnt about one property: its value, or why there is none.
package enum Answer<Value: Hashable & Sendable>: Hashable, Sendable {
    case known(Value)
    /// Nobody who could know it was able to say; the reason is theirs.
    case absent(String)

    package var value: Value? {
        guard case .known(let value) = self else { return nil }
        return value
    }

    package var reason: String? {
        guard case .absent(let reason) = self else { return nil }
        return reason
    }

    package func map<Other>(_ transform: (Value) -> Other) -> Answer<Other> {
        switch self {
        case .known(let value): .known(transform(value))
        case .absent(let reason): .absent(reason)
        }
    }

    /// The answer itself, or where it is absent, `other`; where both are, an absent one with both
    /// reasons.
    package func or(_ other: @autoclosure () -> Answer) -> Answer {
        guard case .absent(let reason) = self else { return self }
        let other = other()
        guard case .absent(let more) = other else { return other }
        return .absent("\(reason); \(more)")
    }
}
