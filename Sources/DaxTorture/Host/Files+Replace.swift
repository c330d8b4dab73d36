package import DaxSystem

extension Files {
    /// Replaces the file at `path` as ``Directory/replace(_:with:)`` does in its directory.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        try Directory(parent(of: path)).replace(name, with: bytes)
    }
}
