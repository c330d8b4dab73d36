/// What two processes of the same program say to each other: values one after the other, in the bytes
/// that they have in memory, since both have the same types. Taken out in the order they were put in.
@safe
package struct Parcel: Sendable {
    package private(set) var bytes: [UInt8]
    private var next = 0

    package init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    /// Whether all was taken out.
    package var isEmpty: Bool { next == bytes.count }

    package mutating func put<Value: BitwiseCopyable>(_ value: Value) {
        unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
    }

    package mutating func put(_ text: String) {
        put(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// Puts the number of `values`, and each by `body`.
    package mutating func put<Values: Collection>(
        each values: Values, _ body: (inout Parcel, Values.Element) throws -> Void
    ) rethrows {
        put(values.count)
        for value in values { try body(&self, value) }
    }

    /// Puts whether there is one, and it by `body`.
    package mutating func put<Value>(
        optional value: Value?, _ body: (inout Parcel, Value) -> Void
    ) {
        put(value != nil)
        if let value { body(&self, value) }
    }

    /// Takes out what was put in as a `Value`; anything else is a bug of the harness.
    package mutating func take<Value: BitwiseCopyable>(_: Value.Type = Value.self) -> Value {
        let end = next + MemoryLayout<Value>.size
        precondition(end <= bytes.count, "a parcel that ends too early")
        defer { next = end }
        return unsafe bytes.withUnsafeBytes {
            unsafe $0.loadUnaligned(fromByteOffset: next, as: Value.self)
        }
    }

    package mutating func takeText() -> String {
        let end = next + take(Int.self) + MemoryLayout<Int>.size
        precondition(end >= next && end <= bytes.count, "a parcel that ends too early")
        defer { next = end }
        return String(decoding: bytes[next..<end], as: UTF8.self)
    }

    package mutating func takeEach<Value>(_ body: (inout Parcel) -> Value) -> [Value] {
        (0..<take(Int.self)).map { _ in body(&self) }
    }

    package mutating func takeOptional<Value>(_ body: (inout Parcel) -> Value) -> Value? {
        take(Bool.self) ? body(&self) : nil
    }
}

extension Parcel {
    package mutating func put(_ error: SystemError) {
        put(error.code)
        put(error.operation)
        put(optional: error.target) { $0.put($1) }
    }

    package mutating func takeError() -> SystemError {
        let code: Int32 = take()
        return SystemError(takeText(), code: code, target: takeOptional { $0.takeText() })
    }
}
