package import DaxModel
package import DaxOperations
import DaxOracle

/// An extent operation that may have taken a page's block from its file, or put another there, and so
/// had to unmap it.
package struct BlockChange: Sendable {
    package var actor: ActorNumber
    package var record: Record
}

extension [ActorLog] {
    /// The last `most` of this epoch that meant a page of a file, in the order of their ends; what was
    /// refused changed nothing.
    package func blockChanges(of file: FileNumber, page: PageNumber, most: Int) -> [BlockChange] {
        let bytes = page.offset..<page.offset + UInt64(Page.bytes)
        var found: [BlockChange] = []
        for actorLog in self {
            for record in actorLog.log.records where record.callResult != .refused {
                let halves = [record, record.otherHalf].compactMap(\.self)
                if halves.contains(where: {
                    $0.file == file && $0.movedBlocks?.overlaps(bytes) == true
                }) {
                    found.append(BlockChange(actor: actorLog.actor, record: record))
                }
            }
        }
        found.sort { $0.record.interval.returned < $1.record.interval.returned }
        return found.suffix(most)
    }
}

extension Record {
    /// The bytes of the file whose blocks the operation means to take, move or replace; nil where it means
    /// none.
    fileprivate var movedBlocks: Range<UInt64>? {
        switch kind.traits.reach {
        case .blocks: offset..<offset + max(length, 1)
        case .onward: offset..<UInt64.max
        case .range, .file: nil
        }
    }
}
