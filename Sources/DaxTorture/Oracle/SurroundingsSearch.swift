import DaxModel

/// Gathers the surroundings of one violation from the history that it was found in.
struct SurroundingsSearch {
    private let violation: Violation
    private let word: UInt64
    private let key: StampKey
    private var effects = Nearest()
    private var observations = Nearest()
    private var resizes = Nearest()
    private var neighbours = Nearest()
    private let evidence: Set<OperationID>
    /// The intervals of the evidence that changed something.
    private let changes: [Interval]
    /// How many more operations that were in flight during `changes` are told, however old.
    private var inFlightLeft = Surroundings.quota

    static func run(_ violation: Violation, in history: History, key: StampKey) -> Surroundings {
        var search = SurroundingsSearch(violation, key)
        let initial: UInt64
        if violation.isAboutSize {
            search.gatherSize(history)
            initial = history.initialSize
        } else {
            search.gatherWord(history)
            let known = UInt64(history.initialWords.count)
            initial = search.word < known ? history.initialWords[Int(search.word)] : 0
        }
        return search.finish(initial)
    }

    private init(_ violation: Violation, _ key: StampKey) {
        self.violation = violation
        self.key = key
        word = violation.offset / 8
        evidence = Set(violation.operations)
        changes = violation.evidence.filter { $0.role != .observer && $0.role != .witness }
            .map(\.interval)
    }

    private mutating func gatherWord(_ history: History) {
        for write in history.writes where write.words.contains(word) {
            let stamp = key.stamp(
                actor: write.operation.actor, sequence: write.sequence, file: history.file,
                word: word)
            note(
                write.operation, write.interval, write.words,
                .wrote(stamp.rawValue, write.certainty))
        }
        for zeroing in history.zeroings where zeroing.words.contains(word) {
            note(
                zeroing.operation, zeroing.interval, zeroing.words, .zeroed(zeroing.certainty))
        }
        for copy in history.copies where copy.words.contains(word) {
            note(
                copy.operation, copy.interval, copy.words,
                .copied(
                    file: copy.source, offset: 8 * (word &+ copy.shift), copy.certainty))
        }
        for read in history.reads where read.words.contains(word) {
            let value = history.values[Int(read.values) + Int(word - read.first)]
            let isGenuine =
                value == 0
                || key.verify(Stamp(rawValue: value), file: history.file, word: word)
            note(
                read.operation, read.interval, read.words, .found(value, isGenuine: isGenuine))
        }
        gatherNeighbours(history)
        // To what size a shrink cut the file that zeroed the word, and what made it grow again.
        for resize in history.resizes { note(resize) }
        // A foreign stamp's writer did nothing to this word, but belongs here.
        for one in violation.evidence where one.role == .stampOwner {
            note(one.operation, one.interval, nil, .wrote(one.value ?? 0, .definite))
        }
    }

    /// Notes the writes, reads through mappings and zeroings of other words of the page, from the
    /// first of the evidence on.
    private mutating func gatherNeighbours(_ history: History) {
        let began = violation.evidence.map(\.interval.invoked).min()
        let span = Interval(began ?? violation.interval.invoked, violation.interval.returned)
        let page = History.page(at: violation.offset & ~UInt64(8 * History.pageWords - 1))
        func isBeside(_ words: Range<UInt64>, _ interval: Interval) -> Bool {
            !words.contains(word) && words.overlaps(page) && interval.overlaps(span)
        }
        for write in history.writes where isBeside(write.words, write.interval) {
            note(write.operation, write.interval, write.words, .beside)
        }
        for read in history.reads where read.mapped && isBeside(read.words, read.interval) {
            note(read.operation, read.interval, read.words, .beside)
        }
        for zeroing in history.zeroings where isBeside(zeroing.words, zeroing.interval) {
            note(zeroing.operation, zeroing.interval, zeroing.words, .beside)
        }
    }

    private mutating func gatherSize(_ history: History) {
        for resize in history.resizes { note(resize) }
        let edge = violation.offset
        for seen in history.sizeObservations {
            switch seen.sort {
            case .seen:
                note(seen.operation, seen.interval, nil, .sawSize(seen.atLeast...seen.atMost))
            case .access(let outcome):
                let page = outcome == .succeeded ? seen.atLeast - 1 : seen.atMost
                guard violation.rule == .sigbus, page == edge else { continue }
                note(seen.operation, seen.interval, History.page(at: page), .touched(outcome))
            }
        }
        guard violation.rule == .sigbus else { return }
        let page = History.page(at: edge)
        for write in history.writes where write.mapped && write.words.overlaps(page) {
            note(write.operation, write.interval, write.words, .touched(.succeeded))
        }
        for read in history.reads where read.mapped && read.words.overlaps(page) {
            note(read.operation, read.interval, read.words, .touched(.succeeded))
        }
        // Where the size is no reason it is the page's block that matters: what gave it one, or took it.
        for write in history.writes where !write.mapped && write.words.overlaps(page) {
            let first = max(write.words.lowerBound, page.lowerBound)
            let stamp = key.stamp(
                actor: write.operation.actor, sequence: write.sequence, file: history.file,
                word: first)
            note(
                write.operation, write.interval, write.words,
                .wrote(stamp.rawValue, write.certainty))
        }
        for zeroing in history.zeroings where zeroing.words.overlaps(page) {
            note(
                zeroing.operation, zeroing.interval, zeroing.words, .zeroed(zeroing.certainty))
        }
    }

    private mutating func note(_ resize: Resize) {
        note(
            resize.operation, resize.interval, nil,
            resize.change.map { .shifted($0, resize.certainty) }
                ?? .resized(
                    resize.size, grows: resize.grows,
                    least: resize.gradual && resize.certainty == .possible ? resize.least : nil,
                    resize.certainty))
    }

    private mutating func note(
        _ operation: Operation, _ interval: Interval, _ words: Range<UInt64>?,
        _ detail: Surroundings.Detail
    ) {
        var isEvidence = evidence.contains(operation.id)
        guard interval.invoked <= violation.interval.returned || isEvidence else { return }
        // Whatever began long before, and was under way when the word got the value that is missing, may
        // be what took it away.
        if !isEvidence && detail.isEffect && inFlightLeft > 0
            && changes.contains(where: { $0.overlaps(interval) })
        {
            (isEvidence, inFlightLeft) = (true, inFlightLeft - 1)
        }
        let event = Surroundings.Event(
            operation: operation, interval: interval, words: words, details: [detail])
        if detail == .beside {
            neighbours.add(event, isEvidence: isEvidence)
        } else if detail.isResize {
            resizes.add(event, isEvidence: isEvidence)
        } else if detail.isEffect {
            effects.add(event, isEvidence: isEvidence)
        } else {
            observations.add(event, isEvidence: isEvidence)
        }
    }

    private consuming func finish(_ initial: UInt64) -> Surroundings {
        effects.cut()
        observations.cut()
        resizes.cut()
        neighbours.cut()
        let all = resizes.events + effects.events + observations.events + neighbours.events
        let told = all.sorted {
            ($0.interval.invoked, $0.interval.returned, $0.operation.id)
                < ($1.interval.invoked, $1.interval.returned, $1.operation.id)
        }
        return Surroundings(
            initial: initial, events: merged(told),
            omitted: effects.omitted + observations.omitted
                + (violation.isAboutSize ? resizes.omitted : 0))
    }

    /// The evidence, and the last few other events by invocation. It grows no longer than `room`,
    /// since a hot word may have been visited millions of times.
    private struct Nearest {
        private var evidence: [Surroundings.Event] = []
        private var others: [Surroundings.Event] = []
        private(set) var omitted = 0
        private static let room = 1024

        var events: [Surroundings.Event] { evidence + others }

        mutating func add(_ event: Surroundings.Event, isEvidence: Bool) {
            if isEvidence { return evidence.append(event) }
            others.append(event)
            if others.count == Nearest.room { cut() }
        }

        mutating func cut() {
            others.sort { $0.interval.invoked < $1.interval.invoked }
            let excess = max(0, others.count - Surroundings.quota)
            others.removeFirst(excess)
            omitted += excess
        }
    }

    /// One event for each operation: a truncate resizes and zeroes.
    private func merged(_ events: [Surroundings.Event]) -> [Surroundings.Event] {
        var merged: [Surroundings.Event] = []
        for event in events {
            let same = merged.firstIndex {
                $0.operation.id == event.operation.id && $0.interval == event.interval
            }
            guard let same else {
                merged.append(event)
                continue
            }
            merged[same].words = merged[same].words ?? event.words
            for detail in event.details where !merged[same].details.contains(detail) {
                merged[same].details.append(detail)
            }
        }
        return merged
    }
}

extension Violation {
    /// Whether the violation is about the size, and not about a word.
    package var isAboutSize: Bool { rule == .sigbus || rule == .size }
}

extension History {
    /// The words of the page that begins at `offset`, in bytes.
    static func page(at offset: UInt64) -> Range<UInt64> {
        offset / 8..<offset / 8 + UInt64(pageWords)
    }
}
