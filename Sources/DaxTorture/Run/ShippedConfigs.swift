package import DaxConfig
import DaxHost
import DaxSystem

/// The configs that come with the program, wherever it is started.
package enum ShippedConfigs {
    /// Where they may be, the first that is there in front: $DAXTORTURE_DATA/configs, if that is set;
    /// beside the program as it is installed (PREFIX/share/daxtorture/configs); and in the tree that
    /// it was built in.
    package static var places: [String] {
        var places: [String] = []
        if let data = Files.environment("DAXTORTURE_DATA") { places.append("\(data)/configs") }
        if let program = try? Files.canonical("/proc/self/exe"),
            let slash = program.lastIndex(of: "/")
        {
            let directory = program[..<slash]
            // SwiftPM puts it into .build/TRIPLE/CONFIGURATION.
            for place in ["../share/daxtorture/configs", "../../../configs"] {
                let path = "\(directory)/\(place)"
                places.append((try? Files.canonical(path)) ?? path)
            }
        }
        return places
    }

    /// Their directory: `configs` where that holds them, else the first place that does.
    package static func directory() throws(RunError) -> String {
        let all = ["configs"] + places
        if let found = all.first(where: { Files.kind("\($0)/default.toml") == .regular }) {
            return found
        }
        throw .config("no configs: looked in \(all.joined(separator: ", ")); set DAXTORTURE_DATA")
    }

    /// The path of the config that a user calls `name`: the file of that name, or a shipped one, as
    /// `configs/bugs/stale-mapping.toml`, `bugs/stale-mapping`, or `stale-mapping`. Where there is
    /// none it is `name`.
    package static func path(of name: String) -> String {
        switch Files.kind(name) {
        case .directory, nil: break
        case .regular, .block, .character, .other: return name
        }
        let prefix = "configs/"
        let short = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        guard !short.hasPrefix("/") && !short.hasPrefix(".") else { return name }
        for place in places {
            for path in ["\(place)/\(short)", "\(place)/bugs/\(short)"] {
                for file in [path, "\(path).toml"] where Files.kind(file) == .regular {
                    return file
                }
            }
        }
        return name
    }

    /// The names by which `path(of:)` finds them.
    package static var names: [String] {
        guard let directory = try? directory() else { return [] }
        return [directory, "\(directory)/bugs"].flatMap { place in
            ((try? Files.names(in: place)) ?? []).filter { $0.hasSuffix(".toml") }
                .map { String($0.dropLast(".toml".count)) }
        }
    }

    /// The fixes of the known bugs.
    package static var fixes: [KnownFix] {
        guard let directory = try? directory() else { return [] }
        let place = "\(directory)/bugs"
        var fixes: [KnownFix] = []
        for name in ((try? Files.names(in: place)) ?? []).sorted() where name.hasSuffix(".toml") {
            var resolver = Resolver(schema: .daxtorture)
            guard let text = try? Files.text("\(place)/\(name)"),
                (try? resolver.read(text, name: name)) != nil,
                let config = try? resolver.resolved(), let fix = KnownFix(of: text, config),
                !fixes.contains(where: { $0.title == fix.title })
            else { continue }
            fixes.append(fix)
        }
        return fixes
    }

    /// A user's config file, in bytes.
    package static func read(_ path: String) throws(RunError) -> [UInt8] {
        do {
            return try Files.input(path, limit: Config.mostBytes)
        } catch {
            switch error.code {
            case SystemError.tooLarge: throw .config("\(path) has more than 1MiB: it is no config")
            case SystemError.timedOut: throw .config("\(path): nothing came out of it for 10 s")
            default: throw .config("\(error)")
            }
        }
    }
}
