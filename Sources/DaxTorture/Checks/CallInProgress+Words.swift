import DaxModel
package import DaxOperations
import DaxOracle

/// A call that does not end, in words.
extension CallInProgress {
    /// "punch of file0 at 0x1000, 8192 bytes".
    package var told: String {
        let whose = file == Record.noFile ? "" : " of file\(file)"
        let others = more > 0 ? ", or one of \(more) submitted with it" : ""
        if kind == .truncate { return "\(name)\(whose) to \(offset) bytes" + others }
        return name + whose + CallInProgress.range(offset, length) + others
    }

    /// "load through its mapping".
    var name: String {
        Operation(
            OperationID(actor: .harness, index: 0), kind: kind.rawValue, path: path.rawValue
        ).told
    }

    /// " at 0x1000, 8192 bytes"; empty where the length says nothing.
    static func range(_ offset: UInt64, _ length: UInt64) -> String {
        length == 0 ? "" : " at 0x\(String(offset, radix: 16)), \(length) bytes"
    }
}
