import DaxModel
import DaxOperations
import DaxSystem

/// What a trial on a recycled file was, for a finding to tell.
extension RecycleTrials {
    /// The trial up to here as a finding tells it, the latest operation being the one by which `word` of
    /// the file, or of its next owner, was seen.
    func events(
        _ word: Int, nextOwners: Bool, seenBy observer: String
    ) -> [FindingEvent] {
        guard let last = context.log.records.last else { return [] }
        let trial = context.log.records[min(own.trial, context.log.records.count - 1)...]
        let events = trial.enumerated().compactMap { index, record -> FindingEvent? in
            let (kind, interval) = (record.kind, record.interval)
            if index == 0 { return eventOfMaking(record, word, nextOwners: nextOwners) }
            if kind == .create { return FindingEvent(record, name: "ftruncate") }
            if kind == .ownLoad {
                // The last is the observer.
                return interval == last.interval ? nil : FindingEvent(record, name: seeing(record))
            }
            return eventOfChange(record, word, nextOwners: nextOwners)
        }
        return events + [FindingEvent(last, name: observer, effect: "found \(hex(own.seen[word]))")]
    }

    private func seeing(_ record: Record) -> String {
        record.path == .mapping ? "load" : "read(2)"
    }

    private func eventOfMaking(_ record: Record, _ word: Int, nextOwners: Bool)
        -> FindingEvent
    {
        let isHole = own.original(word) == 0
        return FindingEvent(record, name: "pwrite", effect: isHole || nextOwners ? "" : "wrote it")
    }

    /// What the change of blocks did to the word. Of a chain of calls io_uring reports when all of it is
    /// over: they have one interval.
    private func eventOfChange(_ record: Record, _ word: Int, nextOwners: Bool)
        -> FindingEvent
    {
        if record.kind == .shiftedLoad {
            return FindingEvent(record, name: own.changeName, effect: "moved it")
        }
        if record.kind == .partialPunchLoad {
            let isCut = own.hole.contains(word)
            return FindingEvent(
                record, name: own.changeName, effect: isCut ? "zeroed it" : "left it")
        }
        return nextOwners
            ? FindingEvent(record, name: "write", effect: "wrote it, behind a \(own.changeName)")
            : FindingEvent(
                record, name: own.changeName,
                effect: "zeroed it; behind it its blocks were written as the next owner's")
    }
}
