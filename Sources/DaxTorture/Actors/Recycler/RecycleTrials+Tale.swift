import DaxModel
import DaxOperations
import DaxSystem

/// What a trial on a recycled file was, for a finding to tell.
extension RecycleTrials {
    /// The trial up to here as a finding tells it, the latest operation being the one by which `word` of
    /// the file, or of its heir, was seen.
    func tale(
        _ word: Int, heirs: Bool, seenBy observer: String
    ) -> [Deed] {
        guard let last = context.log.records.last else { return [] }
        let trial = context.log.records[min(own.trial, context.log.records.count - 1)...]
        let deeds = trial.enumerated().compactMap { index, record -> Deed? in
            let (kind, interval) = (record.kind, record.interval)
            if index == 0 { return deedOfMaking(record, word, heirs: heirs) }
            if kind == .create { return Deed(record, name: "ftruncate") }
            if kind == .ownLoad {
                // The last is the observer.
                return interval == last.interval ? nil : Deed(record, name: seeing(record))
            }
            return deedOfChange(record, word, heirs: heirs)
        }
        return deeds + [Deed(last, name: observer, effect: "found \(hex(own.seen[word]))")]
    }

    private func seeing(_ record: Record) -> String {
        record.path == .mapping ? "load" : "read(2)"
    }

    private func deedOfMaking(_ record: Record, _ word: Int, heirs: Bool)
        -> Deed
    {
        let isHole = own.original(word) == 0
        return Deed(record, name: "pwrite", effect: isHole || heirs ? "" : "wrote it")
    }

    /// What the change of blocks did to the word. Of a chain of calls io_uring reports when all of it is
    /// over: they have one interval.
    private func deedOfChange(_ record: Record, _ word: Int, heirs: Bool)
        -> Deed
    {
        if record.kind == .shiftedLoad {
            return Deed(record, name: own.changeName, effect: "moved it")
        }
        if record.kind == .carvedLoad {
            let isCut = own.hole.contains(word)
            return Deed(record, name: own.changeName, effect: isCut ? "zeroed it" : "left it")
        }
        return heirs
            ? Deed(record, name: "write", effect: "wrote it, behind a \(own.changeName)")
            : Deed(
                record, name: own.changeName,
                effect: "zeroed it; behind it its blocks were written as the heir's")
    }
}
