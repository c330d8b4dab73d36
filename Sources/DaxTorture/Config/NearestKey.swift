extension ConfigSchema {
    /// The known key that a misspelt one was most likely meant to be.
    ///
    /// A wrong letter in the name weighs more than a wrong table, since a key put under the wrong
    /// header is the commoner slip. Among equals the first in the schema's order is taken.
    func nearestKey(to path: [String]) -> String {
        let name = brief(path[path.count - 1])
        let table = brief(path.dropLast().joined(separator: "."))
        let isActor = path.count == 3 && path[0] == "actor"
        let actorTable = isActor ? table : actor.name
        var candidates: [(table: String, name: String)] = []
        for table in tables { candidates += table.keys.map { (table.name, $0.name) } }
        candidates += actor.keys.map { (actorTable, $0.name) }
        // They are in no way a run's: where one is meant, its table says so.
        if path[0] == "file" { candidates += file.keys.map { (table, $0.name) } }
        if path[0] == "promise" { candidates += promise.keys.map { (table, $0.name) } }
        if path[0] == "known" { candidates += ConfigSchema.known.keys.map { (table, $0.name) } }
        if path[0] == "known-failure" {
            candidates += ConfigSchema.knownFailure.keys.map { (path[0], $0.name) }
        }
        if path.count == 1 { candidates.append(("", "format")) }
        let best = candidates.min {
            distance($0.name, name) * 2 + ($0.table == table ? 0 : 1)
                < distance($1.name, name) * 2 + ($1.table == table ? 0 : 1)
        }!
        return best.table.isEmpty ? best.name : "\(best.table).\(best.name)"
    }

    /// The known table that a misspelt one was most likely meant to be.
    func nearestTable(to name: String) -> String {
        let name = brief(name)
        // A file's table is rare, and its name near to that of many.
        let names =
            tables.map(\.name).filter { $0 != "minimise" && $0 != "bench" }
            + ["actor", "promise", "known", "known-failure"] + (name == "files" ? ["file"] : [])
        let best = names.min { distance($0, name) < distance($1, name) }!
        return [actor.name, file.name, promise.name, ConfigSchema.known.name].first {
            $0 == "\(best).NAME"
        } ?? best
    }
}

extension ConfigSchema {
    /// What `--set` may go on with after `word`: keys of tables, of the built-in actors, and, behind
    /// `actor.NAME.role=`, roles.
    package func completions(of word: String) -> [String] {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        var all = tables.flatMap { table in table.keys.map { "\(table.name).\($0.name)=" } }
        var names = Config().actors.map(\.name)
        if parts.count > 2 && parts[0] == "actor" { names.append(String(parts[1])) }
        for name in Set(names).sorted() {
            all += actor.keys.map { "actor.\(name).\($0.name)=" }
            all += roles.map { "actor.\(name).role=\($0)" }
        }
        return all.filter { $0.hasPrefix(word) }
    }
}

/// The one of `names` that `text` was most likely meant to be: at least half of it is the same, or it
/// begins with it. Nil where there is none.
package func nearest(to text: String, among names: [String]) -> String? {
    let text = brief(text)
    let best = names.min { distance($0, text) < distance($1, text) }
    if let best, distance(best, text) * 2 <= max(best.utf8.count, text.utf8.count) { return best }
    return text.isEmpty ? nil : names.first { $0.hasPrefix(text) }
}

/// As much of a name as is worth comparing: no known one is as long, and a comparison takes time as
/// the product of two lengths.
private func brief(_ name: String) -> String {
    String(decoding: name.utf8.prefix(200), as: UTF8.self)
}

/// The least number of letters to insert, delete, replace, or swap with a neighbour, that turns
/// one text into the other.
func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.utf8)
    let b = Array(b.utf8)
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                cost = min(cost, beforeLast[j - 1] + 1)
            }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
