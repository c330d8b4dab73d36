import DaxModel
import DaxOperations
import DaxSystem

extension RecycleTrials {
    /// One trial: the recycled file's first page is allocated through MAP_SYNC a few times.
    func allocateDurably() {
        guard let faults = own.synchronousFaults else { return }
        defer { empty() }
        context.allocateDurably(faults, own.given, in: "a recycled file") {
            () throws(SystemError) in
            try own.file.truncate(to: 0)
            try own.file.truncate(to: UInt64(Page.bytes))
        }
    }
}
