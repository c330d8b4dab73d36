/// Why a run could not be had at all.
package enum RunError: Error, CustomStringConvertible {
    /// What was asked for makes no sense: exit 2.
    case config(String)
    /// What was asked for cannot be tested here: exit 125.
    case untested(String)

    package var description: String {
        switch self {
        case .config(let text), .untested(let text): text
        }
    }
}
