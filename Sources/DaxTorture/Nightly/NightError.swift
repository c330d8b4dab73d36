import DaxText

/// A file of a night that is not one.
package struct NightError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension JSON {
    /// What `read` makes of the member `name`, which must be there.
    func member<Value>(_ name: String, _ read: (JSON) -> Value?) throws(NightError) -> Value {
        guard let found = self[name], let value = read(found) else {
            throw NightError("\(name) is absent, or no such value")
        }
        return value
    }
}
