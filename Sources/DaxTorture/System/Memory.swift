internal import CSystem

/// The memory of this process as a whole.
package enum Memory {
    /// Keeps what is freed for the next allocation of this process, however large (mallopt(3)).
    ///
    /// Else each array of a file's words would be mapped anew and unmapped again at every quiet
    /// point, and each of its pages be faulted in and cleared.
    package static func keep() { csystem_keep_memory() }
}
