package import DaxModel
package import DaxSystem

/// What a finding in an actor's own file says besides the two values.
extension ActorContext {
    /// The latest of the actor's operations from record `index` on that concern no file under test;
    /// the one that showed what is wrong is the last.
    package func events(since index: Int) -> [FindingEvent] {
        log.records[min(max(index, 0), log.records.count)...].filter { $0.file == Record.noFile }
            .suffix(ActorContext.eventsTold).map { FindingEvent($0) }
    }

    private static let eventsTold = 24

    /// How many words of a file of an actor's own have stamps at most.
    package static let mostOwnWords: UInt64 = 1 << 20

    /// What the names of all files of actors' own begin with: whatever is left of them is removed
    /// by that.
    package static let ownPrefix = "own-"

    /// The origin of a word `value` that was found; of one that is this actor's own, `own` says
    /// which it is.
    package func origin(of value: UInt64, own: (UInt64) -> String) -> WordOrigin {
        guard value != 0 else { return .zero }
        if let offset = DevicePattern.offset(of: value) { return .staleBlock(offset: offset) }
        let stamp = Stamp(rawValue: value)
        if stamp.actor == actor {
            return belongs(stamp, toOwnFileOf: actor) ? .own(own(value)) : .nobody
        }
        if stamp.actor == .canary { return .canary }
        if let stampOwner = key.stampOwner(of: value, files: files.count, words: files[0].limit / 8)
        {
            return .fileUnderTest(stampOwner)
        }
        return belongs(stamp, toOwnFileOf: stamp.actor)
            ? .ownFile(actor: stamp.actor, sequence: stamp.sequence) : .nobody
    }

    private func belongs(_ stamp: Stamp, toOwnFileOf owner: ActorNumber) -> Bool {
        (0..<ActorContext.mostOwnWords).contains {
            key.verify(stamp, file: .ownFiles(of: owner), word: $0)
        }
    }

    /// A word of an actor's own file, in words: "its stamp 12".
    package func ownWord(_ value: UInt64) -> String {
        value == 0 ? "zero" : "its stamp \(Stamp(rawValue: value).sequence)"
    }

    /// A word of a file that this actor alone touches is not what it must be: a stamp for word
    /// `stamped` of file `number`. R1 if it was never there, else R3. `script` does what was done to it.
    package func reportWord(
        of name: String, number: FileNumber, _ word: Int, stampedFor stamped: Int, expected: String,
        observed: UInt64, _ proof: WordProof, _ events: [FindingEvent], script: [TrialStep] = []
    ) {
        let stamp = Stamp(rawValue: observed)
        let wasHere =
            observed == 0
            || stamp.actor == actor && key.verify(stamp, file: number, word: UInt64(stamped))
        var stampOwner: StampOwner?
        if case .fileUnderTest(let found) = proof.found { stampOwner = found }
        report(
            ActorFinding(
                rule: wasHere ? .freshness : .provenance, file: name, offset: UInt64(word) * 8,
                expected: expected, observed: hex(observed),
                sentence: "\(name), which one actor alone touches, holds \(hex(observed)), and "
                    + "\(proof.due) was due",
                stampOwner: stampOwner, proof: proof, events: events, script: script))
    }
}

extension File {
    /// Where a word lies, counted in pages from the beginning of the device; nil: in a hole, or there is
    /// no knowing.
    package func block(ofWord word: Int) -> UInt64? {
        let offset = UInt64(word) * 8
        let extent = try? extents().first { ($0.offset..<$0.offset + $0.length).contains(offset) }
        guard let extent, extent.flags.isDisjoint(with: [.unknown, .delayed, .encoded]) else {
            return nil
        }
        return (extent.physical + offset - extent.offset) / UInt64(Page.bytes)
    }
}
