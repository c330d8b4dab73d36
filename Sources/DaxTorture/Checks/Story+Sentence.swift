package import DaxModel
import DaxOracle

extension Story {
    /// What is wrong, in one sentence, without a full stop.
    package var sentence: String {
        guard let observer else { return "\(observed) where \(expected) was due" }
        switch violation.rule {
        case .sigbus: return violation.observed == .sigbus ? wrong(observer) : missing(observer)
        case .size: return size(seenBy: observer)
        case .provenance: return foreign(observer)
        case .future: return future(observer)
        case .goingBack: return back(observer)
        case .freshness, .regrowth: return stale(observer)
        case .audit, .bystanders, .kernel, .durability, .physical, .refusal, .crash:
            preconditionFailure("a history by itself does not break \(violation.rule)")
        }
    }

    private var observer: Evidence? { violation.evidence.first { $0.role == .observer } }

    private func first(_ role: Evidence.Role) -> Evidence? {
        violation.evidence.first { $0.role == role }
    }

    // MARK: - R1 to R4, R7

    /// "read 3's read found stamp 7 of write 2 at offset 0x40".
    private func found(_ observer: Evidence) -> String {
        let seen = observer.value ?? 0
        let what =
            seen == 0
            ? "zero" : violation.rule == .provenance ? value(seen, isGenuine: false) : stamp(seen)
        return "\(whose(observer.operation)) found \(what) at offset \(hex(violation.offset))"
    }

    private func foreign(_ observer: Evidence) -> String {
        guard let stampOwner = first(.stampOwner), let home = stampOwner.home else {
            if let offset = DevicePattern.offset(of: observer.value ?? 0) {
                return found(observer) + ", \(DevicePattern.told(offset))"
            }
            return found(observer)
                + ", which is neither zero nor anything that was written there"
        }
        let file = stampOwner.homeFile.map { " of file \($0)" } ?? ""
        return found(observer)
            + ", which \(whose(stampOwner.operation)) wrote at offset \(hex(home))\(file)"
    }

    private func future(_ observer: Evidence) -> String {
        guard let write = first(.write) else { return found(observer) }
        return found(observer)
            + " and was over before \(whose(write.operation)), which wrote it, had begun"
    }

    private func back(_ observer: Evidence) -> String {
        let earlier = violation.evidence.filter {
            $0.role == .witness && $0.interval.precedes(observer.interval)
                && $0.value != observer.value
        }.max { $0.interval.returned < $1.interval.returned }
        guard let earlier, let value = earlier.value else {
            return found(observer) + ", which no order of the operations on this word explains"
        }
        return found(observer)
            + " \(after(earlier.interval, observer.interval)) \(whose(earlier.operation)) had found "
            + "\(value == 0 ? "zero" : stamp(value)) there: the word went back"
    }

    private func stale(_ observer: Evidence) -> String {
        if observer.value == 0 { return lost(observer) }
        if let overwrite = first(.overwrite) {
            return found(observer)
                + " \(after(overwrite.interval, observer.interval)) \(whose(overwrite.operation)) "
                + "of stamp \(sequence(overwrite)) over it had returned"
        }
        if let zeroing = first(.zeroing), zeroing.interval.precedes(observer.interval) {
            return found(observer)
                + " \(after(zeroing.interval, observer.interval)) "
                + "\(call(zeroing.operation)) had returned"
        }
        return found(observer) + ", which was gone before this epoch began"
    }

    /// A zero that nothing explains: a lost store, or a zeroing that came too late.
    private func lost(_ observer: Evidence) -> String {
        let nothing = ", and nothing can have zeroed it since"
        if let write = first(.write), write.interval.precedes(observer.interval) {
            return found(observer)
                + " \(after(write.interval, observer.interval)) \(whose(write.operation)) "
                + "of stamp \(sequence(write)) there had returned" + nothing
        }
        let earlier = violation.evidence.first {
            $0.role == .witness && $0.interval.precedes(observer.interval)
        }
        if let earlier, let value = earlier.value, value != 0 {
            return found(observer)
                + " \(after(earlier.interval, observer.interval)) \(whose(earlier.operation)) "
                + "had found \(stamp(value)) there" + nothing
        }
        return found(observer) + ", where \(expected) was due" + nothing
    }

    private func sequence(_ write: Evidence) -> UInt32 {
        Stamp(rawValue: write.value ?? 0).sequence
    }

    /// "truncate 1's truncate to 0x312000 bytes", where the surroundings know the size.
    private func call(_ operation: Operation) -> String {
        for event in violation.surroundings?.events ?? [] where event.operation == operation {
            for case .resized(let size, _, _, _) in event.details {
                return "\(whose(operation)) to \(hex(size)) bytes"
            }
        }
        return whose(operation)
    }

    // MARK: - R5 and R6

    private func at(_ observer: Evidence) -> String {
        "\(whose(observer.operation)) at offset \(hex(violation.offset))"
    }

    private func missing(_ observer: Evidence) -> String {
        let due = ": that page had to raise SIGBUS"
        let cut = violation.evidence.filter {
            $0.role == .resize && $0.interval.precedes(observer.interval)
        }.max { $0.interval.returned < $1.interval.returned }
        guard let cut else {
            return at(observer) + " succeeded although the file was "
                + "\(hex(violation.sizes?.upperBound ?? 0)) bytes long at most" + due
        }
        return at(observer)
            + " succeeded \(after(cut.interval, observer.interval)) \(whose(cut.operation)) to "
            + "\(hex(cut.value ?? 0)) bytes had returned" + due
    }

    private func wrong(_ observer: Evidence) -> String {
        let least = violation.sizes?.lowerBound ?? 0
        guard least > violation.offset else {
            return at(observer) + " took a SIGBUS although no order of the operations on the size "
                + "put that page beyond the end of file"
        }
        return at(observer) + " took a SIGBUS although the file was \(hex(least)) bytes long "
            + "at least: that page was within it"
    }

    private func size(seenBy observer: Evidence) -> String {
        let seen = "\(whose(observer.operation)) saw a file of \(observed)"
        if case .size(let bounds) = violation.observed, violation.sizes?.overlaps(bounds) == true {
            return seen + ", which no order of the operations on the size explains"
        }
        return seen + " when it had \(expected)"
    }
}

extension DevicePattern {
    /// As the end of a sentence that has named the word.
    package static func told(_ offset: UInt64) -> String {
        "stale block content from device offset 0x\(String(offset, radix: 16)): nobody has written "
            + "there since the device was filled, before mkfs"
    }
}
