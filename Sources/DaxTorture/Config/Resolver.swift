internal import DaxModel
package import DaxText

/// Puts a config together: the built-in default, over it a file, over that `--set`, over that the
/// dedicated flags. The caller calls in that order; a later word on a key replaces an earlier one.
package struct Resolver: Sendable {
    private let schema: ConfigSchema
    private var config = Config()
    /// What the files promise, which is no part of a run (docs/bugs.md).
    package private(set) var promises: [Promise] = []
    /// The failure that the files say is known; nil where there is none.
    package private(set) var knownFailure: KnownFailure?
    /// Where each key and table was set (a line of a file, `--set`, a flag), for the rules that
    /// look at several keys at once.
    private var places: [String: Place] = [:]

    private struct Place {
        var text: String
        /// A flag of its own: to whoever wrote it, the key behind it is noise.
        var isFlag = false
    }

    package init(schema: ConfigSchema = ConfigSchema()) { self.schema = schema }

    /// Reads a config file's text; `name` is how messages call it.
    package mutating func read(_ text: String, name: String) throws(ConfigError) {
        try read(Array(text.utf8), name: name)
    }

    /// Reads a config file's bytes, UTF-8 and at most `Config.mostBytes`; `name` is how messages
    /// call it.
    ///
    /// A file that has actors has all of them: the built-in ones are gone then.
    package mutating func read(_ bytes: [UInt8], name: String) throws(ConfigError) {
        try read(bytes, name: name, onlyKnown: false)
    }

    /// Reads a file of known issues, which holds nothing but `format` and tables `[known.NAME]`; one whose
    /// name was there already takes its place.
    package mutating func read(known bytes: [UInt8], name: String) throws(ConfigError) {
        try read(bytes, name: name, onlyKnown: true)
    }

    private mutating func read(
        _ bytes: [UInt8], name: String, onlyKnown: Bool
    ) throws(ConfigError) {
        guard bytes.count <= Config.mostBytes else {
            throw ConfigError(
                place: name, key: nil,
                message: "a config has at most \(ByteSize(bytes: UInt64(Config.mostBytes)))")
        }
        let entries = try entries(of: bytes, name: name)
        try checkFormat(entries, name)
        if entries.contains(where: { $0.path.count == 2 && $0.path[0] == "actor" }) {
            config.actors = []
        }
        for entry in entries {
            let place = "\(name):\(entry.line)"
            let isTable = if case .table = entry.value { true } else { false }
            if onlyKnown && entry.path[0] != "known" && entry.path != ["format"] {
                throw ConfigError(
                    place: place, key: entry.key,
                    message: "a file of known issues holds tables [known.NAME] alone")
            }
            switch (entry.path.count, isTable) {
            case (1, false) where entry.path[0] == "format": continue
            case (1, _):
                try checkTable(entry, place)
                if entry.path == ["known-failure"] { knownFailure = KnownFailure() }
            case (2, true) where entry.path[0] == "actor": try addActor(entry.path[1], place)
            case (2, true) where entry.path[0] == "file": try addFile(entry.path[1], place)
            case (2, true) where entry.path[0] == "promise": try addPromise(entry.path[1], place)
            case (2, true) where entry.path[0] == "known": try addKnown(entry.path[1], place)
            case (_, true):
                throw ConfigError(
                    place: place, key: entry.key, message: "unknown table; tables go no deeper here"
                )
            default: try set(entry.path, entry.value, place)
            }
        }
    }

    /// One `--set` of the command line: `KEY=VALUE`, nothing quoted.
    ///
    /// Setting the role of an actor that is not there adds it.
    package mutating func set(_ assignment: String) throws(ConfigError) {
        let place = "--set"
        guard let equals = assignment.firstIndex(of: "="), equals > assignment.startIndex else {
            throw ConfigError(
                place: "--set \(assignment)", key: nil, message: "write it as KEY=VALUE")
        }
        let path = parts(assignment[..<equals])
        if path == ["format"] {
            throw ConfigError(
                place: place, key: "format",
                message: "says how a file is to be read, and is no setting; leave it out")
        }
        if path.count == 3, path[0] == "actor", path[2] == "role",
            !config.actors.contains(where: { $0.name == path[1] })
        {
            try addActor(path[1], place)
        }
        try set(path, .text(String(assignment[assignment.index(after: equals)...])), place)
    }

    /// A flag of its own on the command line: `--fs` sets `fs.type`.
    package mutating func set(flag: String, _ key: String, _ value: String) throws(ConfigError) {
        do {
            try set(parts(key[...]), .text(value), flag)
            places[key] = Place(text: flag, isFlag: true)
        } catch {
            throw ConfigError(place: flag, key: nil, message: error.message)
        }
    }

    /// The config, once no rule is broken.
    package func resolved() throws(ConfigError) -> Config {
        var config = config
        config.actors.sort { $0.name < $1.name }
        config.files.sort { $0.name < $1.name }
        let broken =
            config.brokenRule()
            ?? schema.brokenRule(
                mutant: config.vm.mutant, "vm.mutant", on: config.fs.type, "fs.type")
            ?? schema.brokenStep(config)
            ?? promises.firstNonNil { $0.brokenRule(schema) } ?? knownFailure?.brokenRule()
            ?? config.known.firstNonNil { $0.brokenRule() }
        if let broken {
            // The first that anyone wrote, and where.
            let key = broken.keys.first { places[$0] != nil }
            let place = key.flatMap { places[$0] }
            throw ConfigError(
                place: place?.text,
                key: place?.isFlag == true ? nil : key ?? broken.keys.first,
                message: broken.message)
        }
        return config
    }

    /// The config of a run, once no rule is broken; a seed is drawn where nobody gave one.
    package func resolved(drawing draw: () -> Seed) throws(ConfigError) -> ResolvedConfig {
        ResolvedConfig(try resolved(), drawing: draw)
    }

    private func parts(_ key: Substring) -> [String] {
        key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    private func checkFormat(_ entries: [Entry], _ name: String) throws(ConfigError) {
        let format = ConfigSchema.format
        guard let entry = entries.first(where: { $0.path == ["format"] }) else {
            throw ConfigError(
                place: name, key: "format", message: "absent; write format = \(format)")
        }
        if case .integer(let value) = entry.value, value == format { return }
        throw ConfigError(
            place: "\(name):\(entry.line)", key: "format",
            message: "this version reads format = \(format) only")
    }

    /// What stands at the top of a file is a table that there is.
    private func checkTable(_ entry: Entry, _ place: String) throws(ConfigError) {
        let name = entry.path[0]
        let isKnown =
            ["actor", "file", "promise", "known", "known-failure"].contains(name)
            || schema.tables.contains { $0.name == name }
        switch (entry.value, isKnown) {
        case (.table, true): return
        case (.table, false):
            let nearest = schema.nearestTable(to: name)
            throw ConfigError(
                place: place, key: entry.key,
                message: "unknown table; the nearest known table is [\(nearest)]")
        case (_, true):
            throw ConfigError(place: place, key: name, message: "a table; write [\(name)]")
        case (_, false): throw unknownKey(entry.path, place)
        }
    }

    private func unknownKey(_ path: [String], _ place: String) -> ConfigError {
        ConfigError(
            place: place, key: spelled(path),
            message: "unknown key; the nearest known key is \(schema.nearestKey(to: path))")
    }

    private mutating func addPromise(_ name: String, _ place: String) throws(ConfigError) {
        guard name.utf8.allSatisfy(isBare) && !name.isEmpty else {
            throw ConfigError(
                place: place, key: "promise",
                message: "a promise's name is made of letters, digits, - and _, not " + named(name))
        }
        guard promises.count < Config.mostPromises else {
            throw ConfigError(
                place: place, key: spelled(["promise", name]),
                message: "a config has at most \(Config.mostPromises) promises")
        }
        promises.append(Promise(name: name))
        places["promise.\(name).shows"] = Place(text: place)
    }

    private mutating func addFile(_ name: String, _ place: String) throws(ConfigError) {
        guard name.first == "f", UInt8(name.dropFirst()) != nil, name.utf8.count <= 3 else {
            throw ConfigError(
                place: place, key: "file",
                message: "a file's name is f0, f1 and so on, not " + named(name))
        }
        config.files.append(FileConfig(name: name))
        places["file.\(name)"] = Place(text: place)
    }

    private mutating func addKnown(_ name: String, _ place: String) throws(ConfigError) {
        guard name.utf8.allSatisfy(isBare) && !name.isEmpty else {
            throw ConfigError(
                place: place, key: "known",
                message: "a known issue's name is made of letters, digits, - and _, not "
                    + named(name))
        }
        config.known.removeAll { $0.name == name }
        guard config.known.count < Config.mostKnown else {
            throw ConfigError(
                place: place, key: spelled(["known", name]),
                message: "there are at most \(Config.mostKnown) known issues")
        }
        config.known.append(KnownIssue(name: name))
        places["known.\(name).signature"] = Place(text: place)
    }

    private mutating func addActor(_ name: String, _ place: String) throws(ConfigError) {
        guard name.utf8.allSatisfy(isBare) && !name.isEmpty else {
            throw ConfigError(
                place: place, key: "actor",
                message: "an actor's name is made of letters, digits, - and _, not "
                    + named(name))
        }
        guard config.actors.count < Config.mostActors else {
            throw ConfigError(
                place: place, key: spelled(["actor", name]),
                message: "a config has at most \(Config.mostActors) tables of actors")
        }
        config.actors.append(ActorConfig(name: name))
        places["actor.\(name)"] = Place(text: place)
        places["actor.\(name).role"] = Place(text: place)
    }

    private mutating func set(
        _ path: [String], _ value: RawValue, _ place: String
    ) throws(ConfigError) {
        let key = spelled(path)
        do {
            if path.count == 2, let found = schema.tables.key(path[0], path[1]) {
                try found.set(&config, value)
            } else if path.count == 3, path[0] == "actor",
                let found = schema.actor.keys.first(where: { $0.name == path[2] })
            {
                try found.set(&config.actors[actor(path[1], place, key)], value)
            } else if path.count == 3, path[0] == "file",
                let found = schema.file.keys.first(where: { $0.name == path[2] }),
                let index = config.files.firstIndex(where: { $0.name == path[1] })
            {
                try found.set(&config.files[index], value)
            } else if path.count == 3, path[0] == "promise",
                let found = schema.promise.keys.first(where: { $0.name == path[2] }),
                let index = promises.firstIndex(where: { $0.name == path[1] })
            {
                try found.set(&promises[index], value)
            } else if path.count == 3, path[0] == "known",
                let found = ConfigSchema.known.keys.first(where: { $0.name == path[2] }),
                let index = config.known.firstIndex(where: { $0.name == path[1] })
            {
                try found.set(&config.known[index], value)
            } else if path.count == 2, path[0] == "known-failure", knownFailure != nil,
                let found = ConfigSchema.knownFailure.keys.first(where: { $0.name == path[1] })
            {
                try found.set(&knownFailure!, value)
            } else {
                throw unknownKey(path, place)
            }
        } catch let error as ConfigError {
            throw error
        } catch let error as Misfit {
            throw ConfigError(place: place, key: key, message: error.message)
        } catch {
            preconditionFailure("a key failed in a way of its own: \(error)")
        }
        places[key] = Place(text: place)
    }

    private func actor(_ name: String, _ place: String, _ key: String) throws(ConfigError) -> Int {
        if let index = config.actors.firstIndex(where: { $0.name == name }) { return index }
        let most = 20
        var names = config.actors.map(\.name).sorted().prefix(most).joined(separator: ", ")
        if config.actors.count > most { names += ", ..." }
        throw ConfigError(
            place: place, key: key,
            message: "there is no actor \(named(name)); there are: \(names)")
    }
}

extension Array {
    /// The first that `transform` makes anything of.
    fileprivate func firstNonNil<Result>(_ transform: (Element) -> Result?) -> Result? {
        for element in self { if let result = transform(element) { return result } }
        return nil
    }
}

extension [ConfigTable<Config>] {
    fileprivate func key(_ table: String, _ name: String) -> ConfigKey<Config>? {
        first { $0.name == table }?.keys.first { $0.name == name }
    }
}
