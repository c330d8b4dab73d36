/// A call edge of a kernel module: every place where one function calls another, or some of them.
///
/// An edge is a finer thing to break than a function: a function may have callers that have
/// nothing to do with DAX, and inlining makes whole functions absent, but a call that crosses to
/// another object file or to the kernel is there, with its callee's name in a relocation.
package struct Edge: Hashable, Sendable, CustomStringConvertible {
    /// The function that calls, without the suffix of a part or clone the compiler made of it.
    package var caller: String
    /// The function that is called.
    package var callee: String
    /// What happens instead.
    package var effect: Effect
    /// Which of its places are meant; nil for all.
    package var places: CallSites?

    /// What the caller gets instead of the call.
    package enum Effect: Hashable, Sendable {
        /// Nothing is done, and the result is 0: success, or no pages, or NULL.
        case nothing
        /// Nothing is done, and the result is 1: a lock was got, a transaction is over.
        case succeeds
        /// The second argument is stored at this byte offset of the first one, 0 to 127. That is
        /// all that is left of truncate_setsize() when the size still changes and nothing is
        /// unmapped: `inode->i_size = size`.
        case stores(at: UInt8)
    }

    /// Some of the places where the caller makes the call, by their address: what tells one lock
    /// from another when both are taken by down_write().
    ///
    /// Numbers depend on how the compiler laid the function out. `total` is the guard: a module
    /// with another number of places was built from other code, and is refused.
    package struct CallSites: Hashable, Sendable {
        /// Which, from 1 to `total`; the caller's body counts before its cold parts.
        package var numbers: Set<Int>
        /// How many places the edge has.
        package var total: Int
    }

    /// The edge `caller` -> `callee`, in all of its places.
    package init(_ caller: String, _ callee: String, _ effect: Effect = .nothing) {
        if case .stores(let offset) = effect { precondition(offset < 128, "not a disp8") }
        self.caller = caller
        self.callee = callee
        self.effect = effect
    }

    /// The edge `caller` -> `callee` in some of its places: those `numbers` of `total`.
    package init(_ caller: String, _ callee: String, only numbers: Set<Int>, of total: Int) {
        self.init(caller, callee)
        precondition(
            !numbers.isEmpty && numbers.allSatisfy { (1...total).contains($0) },
            "\(numbers) of \(total) places")
        places = CallSites(numbers: numbers, total: total)
    }

    /// As a kernel developer would write it: ext4_setattr -> truncate_pagecache.
    package var description: String {
        guard let places else { return "\(caller) -> \(callee)" }
        let numbers = places.numbers.sorted().map(String.init).joined(separator: ", ")
        return "\(caller) -> \(callee) (\(numbers) of \(places.total))"
    }
}
