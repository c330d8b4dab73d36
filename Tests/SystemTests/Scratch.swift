import DaxSystem
import Glibc

/// A file of its own for one test, unlinked as soon as it is open.
func scratchFile(bytes: UInt64) throws -> File {
    let path = "/tmp/daxtorture-test-\(getpid())-\(Clock.ticks())"
    let file = try File(path, [.create, .exclusive])
    unsafe unlink(path)
    try file.truncate(to: bytes)
    return file
}
