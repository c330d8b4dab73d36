import DaxModel

/// What a file under test held at the last quiet point.
struct KnownFile {
    let name: String
    let path: String
    /// A value for each word up to the largest size; those beyond the size are zero.
    var words: ContiguousArray<UInt64>
    /// The file's size in bytes; whole pages.
    var size: UInt64
    /// The file's inode number; 0 before it is made.
    var inode: UInt64 = 0
    /// Whether the file was on DAX when it was made.
    var isOnDAX = false

    init(name: String, directory: String, limit: UInt64) {
        self.name = name
        path = "\(directory)/\(name)"
        words = ContiguousArray(repeating: 0, count: Int(limit / 8))
        size = limit
    }

    /// Takes over what an audit found: a word for each up to the largest size.
    mutating func update(words found: ContiguousArray<UInt64>, size: UInt64) {
        precondition(found.count == words.count)
        words = found
        self.size = size
    }
}
