extension Config {
    /// The config as TOML, every key that is set in it; reading it back gives this value again.
    package func text(schema: ConfigSchema = ConfigSchema()) -> String {
        var text = "format = \(ConfigSchema.format)\n"
        for table in schema.tables { text += table.text(table.name, self) }
        for file in files { text += schema.file.text("file.\(file.name)", file) }
        for actor in actors { text += schema.actor.text("actor.\(actor.name)", actor) }
        return text
    }
}

extension ConfigTable {
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
        return text + actor.documentation(ActorConfig(name: "NAME"), without: ["role"])
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
