public import DaxModel

// Tests write numbers as literals; the program has to say what it means.

extension ActorNumber: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: UInt8) { self.init(rawValue: value) }
}

extension FileNumber: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: UInt16) { self.init(rawValue: value) }
}

extension FrameNumber: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: UInt64) { self.init(rawValue: value) }
}

extension PageNumber: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: UInt64) { self.init(rawValue: value) }
}
