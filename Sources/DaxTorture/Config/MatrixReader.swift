extension Matrix {
    /// The most runs of a night, and the longest name of a kernel or of options, in bytes.
    package static let mostRuns = 4096
    static let longestName = 48

    /// Reads a matrix's bytes, UTF-8 and at most `Config.mostBytes`; `name` is how messages call it.
    ///
    /// It is as strict as a config: what no key takes is refused with its place.
    package init(_ bytes: [UInt8], name: String) throws(ConfigError) {
        guard bytes.count <= Config.mostBytes else {
            throw ConfigError(place: name, key: nil, message: "a matrix has at most 1MiB")
        }
        self.init()
        let entries = try entries(of: bytes, name: name)
        guard let format = entries.first(where: { $0.path == ["format"] }) else {
            throw ConfigError(place: name, key: "format", message: "absent; write format = 1")
        }
        guard case .integer(1) = format.value else {
            throw ConfigError(
                place: "\(name):\(format.line)", key: "format",
                message: "this version reads format = 1 only")
        }
        var tables: [MatrixKernel] = []
        var places: [String: Int] = [:]
        for entry in entries where entry.path != ["format"] {
            places[entry.key] = entry.line
            do throws(Misfit) { try take(entry, &tables) } catch {
                throw ConfigError(
                    place: "\(name):\(entry.line)", key: entry.key, message: error.message)
            }
        }
        join(tables, isListed: places["kernels"] != nil)
        if let (key, message) = brokenRule(tables) {
            throw ConfigError(
                place: places[key].map { "\(name):\($0)" } ?? name, key: key, message: message)
        }
        if options.isEmpty { options = [MatrixOptions(name: "plain")] }
    }

    private mutating func take(_ entry: Entry, _ tables: inout [MatrixKernel]) throws(Misfit) {
        let path = entry.path
        let isTable = if case .table = entry.value { true } else { false }
        let strange = Misfit(
            message: "unknown table or key; a matrix has [kernel.NAME] and [options.NAME]")
        switch (path.count, isTable) {
        case (1, true) where ["kernel", "options"].contains(path[0]): return
        case (1, false):
            let key = try Matrix.key(path[0], of: Matrix.top)
            try key.set(&self, entry.value)
        case (2, true) where path[0] == "kernel":
            tables.append(MatrixKernel(name: try Matrix.checked(path[1])))
        case (2, true) where path[0] == "options":
            options.append(MatrixOptions(name: try Matrix.checked(path[1])))
        case (3, false) where path[0] == "kernel":
            guard let index = tables.firstIndex(where: { $0.name == path[1] }) else {
                throw strange
            }
            let key = try Matrix.key(path[2], of: Matrix.kernel)
            try key.set(&tables[index], entry.value)
        case (3, false) where path[0] == "options":
            guard let index = options.firstIndex(where: { $0.name == path[1] }) else {
                throw strange
            }
            let key = try Matrix.key(path[2], of: Matrix.options)
            try key.set(&options[index], entry.value)
        default: throw strange
        }
    }

    private static func key<Root>(
        _ name: String, of table: ConfigTable<Root>
    ) throws(Misfit) -> ConfigKey<Root> {
        if let key = table.keys.first(where: { $0.name == name }) { return key }
        let best = table.keys.min { distance($0.name, name) < distance($1.name, name) }!
        throw Misfit(message: "unknown key; the nearest known key is \(best.name)")
    }

    /// A name that is a part of a file's name, and in which no `_` stands: that parts them.
    private static func checked(_ name: String) throws(Misfit) -> String {
        let isFit = name.unicodeScalars.allSatisfy {
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-".unicodeScalars
                .contains($0)
        }
        guard isFit, !name.isEmpty, !name.hasPrefix("."), name.utf8.count <= longestName else {
            throw Misfit(
                message: "a name here is made of letters, digits, ., + and -, not " + named(name))
        }
        return name
    }

    /// What tables say of the kernels that are listed, or of all where none is.
    private mutating func join(_ tables: [MatrixKernel], isListed: Bool) {
        guard isListed else {
            kernels = tables
            return
        }
        kernels = kernels.map { kernel in tables.first { $0.name == kernel.name } ?? kernel }
    }

    private func brokenRule(_ tables: [MatrixKernel]) -> (key: String, message: String)? {
        if kernels.isEmpty { return ("kernels", "there is none") }
        for (index, kernel) in kernels.enumerated() {
            do throws(Misfit) { _ = try Matrix.checked(kernel.name) } catch {
                return ("kernels", error.message + "; a path belongs into a table [kernel.NAME]")
            }
            if kernels[..<index].contains(where: { $0.name == kernel.name }) {
                return ("kernels", "\(named(kernel.name)) stands there twice")
            }
        }
        for table in tables where kernel(table.name) == nil {
            return (spelled(["kernel", table.name]), "is not among the kernels")
        }
        if let baseline, kernel(baseline) == nil {
            return ("baseline", "\(named(baseline)) is not among the kernels")
        }
        if configs.isEmpty { return ("configs", "there is none") }
        if Set(configs).count < configs.count { return ("configs", "one stands there twice") }
        for options in options {
            if let other = options.configs.first(where: { !configs.contains($0) }) {
                return (
                    spelled(["options", options.name, "configs"]),
                    "\(named(other)) is not among the configs"
                )
            }
        }
        return nil
    }
}
