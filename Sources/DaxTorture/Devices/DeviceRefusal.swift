internal import DaxSystem
internal import Glibc

/// Why a device may not be formatted.
package struct DeviceRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable, CustomStringConvertible {
        case absent
        case notBlock
        /// The kernel says that no filesystem on it can be on DAX.
        case notDAX
        /// The kernel does not say whether one can.
        case unknownDAX(String)
        /// On that directory.
        case mounted(String)
        /// Into those.
        case partitioned([String])
        /// By those devices.
        case held([String])
        case swap
        /// Somebody has it open exclusively.
        case busy
        /// A filesystem or other data; the user's word for formatting lifts this one alone.
        case holds(String)
        case unreadable(String)
        /// The path leads to another device than it did.
        case replaced

        package var description: String {
            switch self {
            case .absent: "absent"
            case .notBlock: "not a block device"
            case .notDAX: "cannot be on DAX (its queue/dax is 0)"
            case .unknownDAX(let reason): "not known to be able to be on DAX (\(reason))"
            case .mounted(let directory): "mounted on \(directory)"
            case .partitioned(let names): "partitioned (\(names.joined(separator: ", ")))"
            case .held(let names): "held by \(names.joined(separator: ", "))"
            case .swap: "used as swap"
            case .busy: "opened exclusively by someone else"
            case .holds(let contents): "holds \(contents)"
            case .replaced: "another device than a moment ago"
            case .unreadable(let reason): "not readable (\(reason))"
            }
        }
    }

    package var path: String
    package var reason: Reason

    init(_ path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// What a system call made impossible.
    init(_ path: String, _ error: SystemError) {
        self.init(path, error.code == EBUSY ? .busy : .unreadable(error.description))
    }

    /// One line for the user.
    package var description: String {
        guard case .holds = reason else { return "device \(path): \(reason)" }
        return "device \(path): \(reason); --format says that it may be destroyed"
    }
}
