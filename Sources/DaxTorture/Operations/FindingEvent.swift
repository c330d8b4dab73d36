package import DaxModel

/// One operation of an actor on a file that it alone touches, for a finding to tell.
package struct FindingEvent: Sendable {
    package var record: Record
    /// What the operation is called after its actor's name; nil: what its kind is called.
    package var name: String?
    /// What the operation did to the word that was found wrong, or found there: "zeroed it"; empty
    /// where there is nothing to say.
    package var effect: String

    package init(_ record: Record, name: String? = nil, effect: String = "") {
        (self.record, self.name, self.effect) = (record, name, effect)
    }
}

/// What a word proves that was found in a file which one actor alone touches.
package struct WordProof: Sendable {
    /// What was due there: "zero".
    package var due: String
    package var found: WordOrigin
    /// Where the word lies now, counted in pages from the beginning of the device; nil: nowhere, or there
    /// is no knowing.
    package var block: UInt64?

    package init(due: String, found: WordOrigin, block: UInt64?) {
        (self.due, self.found, self.block) = (due, found, block)
    }
}

/// Where a word that was found comes from.
package enum WordOrigin: Sendable {
    case zero
    /// The actor's own word: what it was in the actor's file, in words.
    case own(String)
    /// The stamp of a file under test.
    case fileUnderTest(StampOwner)
    /// The stamp of another actor's own file.
    case ownFile(actor: ActorNumber, sequence: UInt32)
    case canary
    /// What the device was filled with, at byte `offset` of it, before mkfs.
    case staleBlock(offset: UInt64)
    /// No stamp of this run.
    case nobody
}

extension Record {
    /// Whether the operation wrote the stamps of `stampOwner` to where they belong.
    package func wrote(_ stampOwner: StampOwner) -> Bool {
        kind.traits.reference == .stamps && reference == stampOwner.sequence
            && file == stampOwner.file
            && (offset..<offset + length).contains(stampOwner.word * 8)
    }
}
