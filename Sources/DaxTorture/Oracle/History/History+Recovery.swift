package import DaxModel

/// What was left of a file after a power cut, and the recovery that followed.
package struct RecoveredFile: Sendable {
    package var size: UInt64
    /// The words up to the size; a part of a word at its end is left out.
    package var words: ContiguousArray<UInt64>

    package init(size: UInt64, words: ContiguousArray<UInt64>) {
        (self.size, self.words) = (size, words)
    }
}

extension History {
    /// What was left of this file after a power cut at `instant`, as reads: of each page with the interval
    /// from when its words had to be durable to the cut, and of the size with its own. All else that
    /// anybody found is left out.
    ///
    /// - Parameter operation: the cut, to name it by.
    package func recovering(
        _ file: RecoveredFile, cutAt cut: Interval, _ operation: Operation,
        _ acknowledged: Acknowledgements
    ) -> History {
        var history = withoutObservations()
        history.size(
            operation, file.size,
            over: Interval(acknowledged.sinceSize(at: cut.invoked), cut.returned))
        let pages = (file.words.count + History.pageWords - 1) / History.pageWords
        var page = 0
        while page < pages {
            let since = acknowledged.since(page: page, at: cut.invoked)
            var end = page + 1
            while end < pages, acknowledged.since(page: end, at: cut.invoked) == since { end += 1 }
            let words = page * History.pageWords..<min(end * History.pageWords, file.words.count)
            history.read(
                operation, at: UInt64(words.lowerBound), values: file.words[words],
                over: Interval(since, cut.returned))
            page = end
        }
        return history
    }
}
