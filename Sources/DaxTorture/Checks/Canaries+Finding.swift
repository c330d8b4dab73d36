package import DaxModel
import DaxOperations

extension Canaries.Change {
    /// The change in words (R9); `names` are those of all actors.
    package func finding(names: [ActorNumber: String]) -> Finding {
        var story =
            "\(file), which nobody touched since it was written, holds \(hex(observed)) "
            + "at offset \(offset)"
        if let stampOwner {
            let writer = names[stampOwner.actor] ?? "nobody"
            story +=
                ": what \(writer) wrote as its operation \(stampOwner.sequence) into "
                + "file\(stampOwner.file) at offset \(stampOwner.word * 8)"
        }
        if let place = DevicePattern.offset(of: observed) {
            story += ": " + DevicePattern.told(place)
        }
        return Finding(
            rule: .bystanders, file: file, offset: offset, expected: hex(expected),
            observed: hex(observed), story: story,
            signature: Signature(rule: .bystanders, seen: told, relation: "a canary file"))
    }

    /// What the word is called in a signature.
    private var told: String {
        if observed == 0 { return "zero" }
        if stampOwner != nil { return "a stamp of a file under test" }
        return DevicePattern.offset(of: observed) == nil ? "no stamp" : "stale block content"
    }
}
