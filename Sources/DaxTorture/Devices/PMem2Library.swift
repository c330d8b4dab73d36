internal import DaxSystem

/// The library by which pmem is described, as a whole.
package enum PMem2Library {
    /// Why it cannot be used; nil if it answers for a file of memory.
    package static func complaint() -> String? {
        do throws(SystemError) {
            let file = try HostFile.memory("probe", size: 4096)
            let source: PMem2Source
            do throws(PMem2Error) { source = try PMem2Source(file) } catch {
                return error.description
            }
            return source.size.reason
        } catch { return error.description }
    }
}
