internal import CSystem
package import DaxSystem

/// A pipe, both ends of it (pipe2).
package struct HostPipe: ~Copyable, Sendable {
    /// What is to be read from, and written to.
    package let reading: HostFile
    package let writing: HostFile

    package init(_ name: String) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        try checked(unsafe csystem_pipe(&ends), "pipe2", name)
        reading = HostFile(descriptor: ends[0], name: name)
        writing = HostFile(descriptor: ends[1], name: name)
    }
}
