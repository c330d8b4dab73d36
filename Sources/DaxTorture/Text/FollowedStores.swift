/// What QEMU's plugin saw of the persistent memory, counted since it began to follow it.
package struct FollowedStores: Hashable, Sendable {
    package var stores: UInt64 = 0
    /// Stores around the caches, which are among the others.
    package var streams: UInt64 = 0
    /// Flushes of a line, by whatever instruction.
    package var flushes: UInt64 = 0
    /// Fences that had something to wait for.
    package var fences: UInt64 = 0
    /// Stores and flushes of which it does not know where they went.
    package var unknown: UInt64 = 0

    package init() {}
}
