import DaxModel
package import DaxText

extension Episode {
    /// docs/minimise.md describes it.
    package var json: JSON { Episode.members.write(self) }

    /// Throws a `ReportError` where it is no episode.
    package init(json: JSON) throws(ReportError) {
        try self.init(JSONPlace(name: "episode", value: json))
    }
}

extension Episode: JSONObject {
    static let members: JSONMembers<Episode> = [
        "schema": .schema(Episode.schema), "violation": .at(\.violation), "begin_ns": .at(\.begin),
        "end_ns": .at(\.end), "epoch": .at(\.epoch), "files": .at(\.files), "actors": .at(\.actors),
        "trial": .at(\.trial),
    ]
    static let blank = Episode(Finding.blank)
}

extension EpisodeFile: JSONObject {
    static let members: JSONMembers<EpisodeFile> = [
        "name": .at(\.name), "size_bytes": .at(\.size), "extents": .at(\.extents),
        "words": .at(\.words),
    ]
    static let blank = EpisodeFile(name: "", size: 0)
}

extension EpisodeActor: JSONObject {
    static let members: JSONMembers<EpisodeActor> = [
        "name": .at(\.name), "role": .at(\.role), "orders": .at(\.orders),
        "omitted": .at(\.omitted),
    ]
    static let blank = EpisodeActor(name: "", role: "")
}

/// An epoch has thousands, so that they are rows and not objects.
extension EpisodeExtent: JSONValue {
    var json: JSON { .array([offset.json, length.json, .string(state.rawValue)]) }

    init(_ place: JSONPlace) throws(ReportError) {
        let items = try place.items(3)
        self.init(
            offset: try UInt64(items[0]), length: try UInt64(items[1]),
            state: try items[2].parsed { State(rawValue: $0) })
    }
}

/// A row, too.
extension EpisodeOrder: JSONValue {
    var json: JSON {
        .array([
            invoked.json, returned.json, kind.json, file.json, offset.json, length.json, done.json,
            outcome.json, faulted.json, step.json, proves.json,
        ])
    }

    init(_ place: JSONPlace) throws(ReportError) {
        let items = try place.items(11)
        self.init(
            invoked: try UInt64(items[0]), returned: try UInt64(items[1]),
            kind: try String(items[2]), file: try UInt64?(items[3]), offset: try UInt64(items[4]),
            length: try UInt64(items[5]), done: try UInt64(items[6]), outcome: try String(items[7]),
            faulted: try String(items[8]), step: try String(items[9]), proves: try Bool(items[10]))
    }
}
