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
            observed: hex(observed), story: story)
    }
}
