internal import CPMem2
internal import DaxText

/// A call that libpmem2 refused, with its own words for why.
package struct PMem2Error: Error, Hashable, Sendable, CustomStringConvertible {
    /// PMEM2_E_NO_BAD_BLOCK_FOUND, a macro that Swift does not import.
    static let noMoreBadBlocks: Int32 = -100_029

    /// `pmem2_map_new: ...`, on one line.
    package var description: String
}

/// Throws unless `call` returned 0; libpmem2 keeps its message for each thread until the next call.
func check(_ call: String, _ result: Int32) throws(PMem2Error) {
    if result == 0 { return }
    let text = unsafe String(cString: pmem2_errormsg())
    throw PMem2Error(description: "\(call): \(Layout.oneLine(text))")
}
