internal import DaxModel

extension Config {
    /// The config as TOML, every key that is set in it; reading it back gives this value again.
    package func text(schema: ConfigSchema = ConfigSchema()) -> String {
        var text = "format = \(ConfigSchema.format)\n"
        for table in schema.tables {
            // What other commands hand to a machine.
            if table.name == "minimise" && minimise.signatures == nil { continue }
            if table.name == "bench" && bench.kind == nil { continue }
            text += table.text(table.name, self)
        }
        for file in files { text += schema.file.text("file.\(file.name)", file) }
        for actor in actors { text += schema.actor.text("actor.\(actor.name)", actor) }
        for issue in known { text += ConfigSchema.known.text("known.\(issue.name)", issue) }
        return text
    }
}

extension Config {
    /// The config as TOML, without what is so by default: what a person wants to read, and a step a line.
    /// Of the machine it has the mutant alone: without that it would be another kernel.
    package func briefText(schema: ConfigSchema = ConfigSchema()) -> String {
        let usual = Config()
        var text = "format = \(ConfigSchema.format)\n"
        for table in schema.tables where !["minimise", "bench", "vm"].contains(table.name) {
            text += table.briefText(table.name, self, usual)
        }
        if let mutant = vm.mutant { text += "\n[vm]\nmutant = \"\(mutant)\"\n" }
        for file in files {
            text += schema.file.briefText("file.\(file.name)", file, FileConfig(name: file.name))
        }
        for actor in actors {
            text += schema.actor.briefText(
                "actor.\(actor.name)", actor, ActorConfig(name: actor.name))
        }
        return text
    }
}

extension ConfigTable {
    fileprivate func briefText(_ name: String, _ root: Root, _ usual: Root) -> String {
        let lines = keys.compactMap { key -> String? in
            guard let literal = key.literal(root), literal != key.literal(usual) else { return nil }
            let isLong = literal.hasPrefix("[\"") && literal.count > 60
            let told =
                isLong
                ? "[\n    "
                    + literal.dropFirst().dropLast()
                    .replacing("\", \"", with: "\",\n    \"") + ",\n]" : literal
            return "\(key.name) = \(told)\n"
        }
        return lines.isEmpty ? "" : "\n[\(name)]\n" + lines.joined()
    }

    fileprivate func text(_ name: String, _ root: Root) -> String {
        keys.reduce("\n[\(name)]\n") { text, key in
            key.literal(root).map { "\(text)\(key.name) = \($0)\n" } ?? text
        }
    }
}

extension ConfigSchema {
    /// The tables of docs/config.md: every key, its range, its default and its meaning.
    package func documentation() -> String {
        let config = Config()
        var text = ""
        for table in tables { text += table.documentation(config) }
        return text + file.documentation(FileConfig(name: "NAME"))
            + actor.documentation(ActorConfig(name: "NAME"), without: ["role"])
            + ConfigSchema.known.documentation(KnownIssue(name: "NAME"), without: ["signature"])
            + promise.documentation(Promise(name: "NAME"), without: ["rules"])
            + ConfigSchema.knownFailure.documentation(KnownFailure())
    }
}

extension ConfigTable {
    fileprivate func documentation(_ root: Root, without noDefault: [String] = []) -> String {
        var text = "\n### [\(name)]: \(meaning)\n\n"
        text += "| key | range | default | meaning |\n|---|---|---|---|\n"
        for key in keys {
            let value = noDefault.contains(key.name) ? nil : key.literal(root)
            text += "| `\(key.name)` | \(key.range) | \(value.map { "`\($0)`" } ?? "-") | "
            text += "\(key.meaning) |\n"
        }
        return text
    }
}
