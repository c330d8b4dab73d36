package import DaxModel

/// Where a stamp came from that was found where it does not belong.
package struct StampOrigin: Hashable, Sendable {
    package var file: FileNumber
    /// The word for which it was made.
    package var word: UInt64
    package var operation: Operation
    package var interval: Interval

    /// Looks for the write that made `value` among all of one history; nil if none did.
    package init?(of value: UInt64, in history: History, key: StampKey) {
        let stamp = Stamp(rawValue: value)
        for write in history.writes
        where write.operation.actor == stamp.actor && write.sequence == stamp.sequence {
            for word in write.words where key.verify(stamp, file: history.file, word: word) {
                file = history.file
                self.word = word
                operation = write.operation
                interval = write.interval
                return
            }
        }
        return nil
    }
}
