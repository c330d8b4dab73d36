/// A call edge of a kernel module: every place where one function calls another.
///
/// An edge is a finer thing to break than a function: a function may have callers that have
/// nothing to do with DAX, and inlining makes whole functions absent, but a call that crosses to
/// another object file or to the kernel is there, with its callee's name in a relocation.
public struct Edge: Hashable, Sendable, CustomStringConvertible {
    /// The function that calls, without the suffix of a part or clone the compiler made of it.
    public var caller: String
    /// The function that is called.
    public var callee: String
    /// What happens instead.
    public var effect: Effect

    /// What the caller gets instead of the call.
    public enum Effect: Hashable, Sendable {
        /// Nothing is done, and the result is 0: success, or no pages, or NULL.
        case nothing
        /// The second argument is stored at this byte offset of the first one, 0 to 127. That is
        /// all that is left of truncate_setsize() when the size still changes and nothing is
        /// unmapped: `inode->i_size = size`.
        case stores(at: UInt8)
    }

    /// The edge `caller` -> `callee`.
    public init(_ caller: String, _ callee: String, _ effect: Effect = .nothing) {
        if case .stores(let offset) = effect { precondition(offset < 128, "not a disp8") }
        self.caller = caller
        self.callee = callee
        self.effect = effect
    }

    /// As a kernel developer would write it: ext4_setattr -> truncate_pagecache.
    public var description: String { "\(caller) -> \(callee)" }
}
