package import DaxSystem

/// What a record keeps of the signal that ended an access.
extension AccessResult {
    /// The signal that stopped it; 0 for none.
    package var signal: UInt8 { UInt8(clamping: fault?.signal ?? 0) }

    /// By how many pages si_addr's is off from that of the first word that was not moved, where the
    /// access began at word `word` of the mapping.
    package func strayPages(from word: UInt64) -> Int16 {
        guard let fault, !fault.isInterrupt else { return 0 }
        return Int16(clamping: fault.word >> 9 - (Int(word) + done) >> 9)
    }
}
