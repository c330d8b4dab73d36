import DaxModel
import DaxOperations

extension ActorContext {
    /// Reports an operation of which something else has come than was expected; `step` says which it was.
    func report(
        _ record: Record, unless expected: Expectation, _ stamps: OwnStamps, _ step: String
    ) {
        var values = log.values[0..<0]
        if record.kind.traits.reference == .values {
            let begin = Int(record.reference)
            values = log.values[begin..<begin + Int(record.done) / 8]
        }
        let mismatch = expected.mismatch(record, values: values) { word in
            stamps.sequence(record.file, word).map {
                key.stamp(actor: actor, sequence: $0, file: record.file, word: word)
                    .rawValue
            }
        }
        guard let mismatch else { return }
        report(
            ActorFinding(
                rule: mismatch.rule,
                file: record.file == Record.noFile ? "" : "file\(record.file)",
                offset: mismatch.offset, expected: mismatch.expected,
                observed: mismatch.observed,
                sentence: "\(step), was expected to \(expected.told), and \(mismatch.told)",
                stampOwner: mismatch.word.flatMap {
                    key.stampOwner(of: $0, files: files.count, words: files[0].limit / 8)
                }))
    }
}

/// What a script itself has stored where, as far as that was not stored over since.
struct OwnStamps {
    private var stores: [(file: FileNumber, words: Range<UInt64>, sequence: UInt32)] = []

    /// Takes notice of an operation that is over. What a private mapping holds is not in the file.
    mutating func note(_ record: Record) {
        guard record.kind.traits.reference == .stamps, record.kind != .privateStore,
            record.done > 0
        else { return }
        let words = record.offset / 8..<(record.offset + record.done) / 8
        stores.removeAll {
            $0.file == record.file && words.lowerBound <= $0.words.lowerBound
                && $0.words.upperBound <= words.upperBound
        }
        stores.append((record.file, words, record.reference))
    }

    /// The sequence of the stamps that it stored into that word last; nil where it stored none.
    func sequence(_ file: FileNumber, _ word: UInt64) -> UInt32? {
        stores.last { $0.file == file && $0.words.contains(word) }?.sequence
    }
}
