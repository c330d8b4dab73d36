import DaxConfig
package import DaxText

/// A kernel of a night, as the files that are booted.
package struct NightKernel: Hashable, Sendable {
    package var name: String
    /// A bzImage or vmlinuz; nil where it cannot be had.
    package var image: String?
    package var modules: String?
    /// The mutant, and whose module it takes the place of, as `--fs` names it.
    package var mutant: Mutation?
    package var set: [String]
    /// Why it cannot be had.
    package var problem: String?

    package struct Mutation: Hashable, Sendable {
        package var name: String
        package var filesystem: String

        package init(name: String, filesystem: String) {
            (self.name, self.filesystem) = (name, filesystem)
        }
    }

    package init(
        name: String, image: String?, modules: String? = nil, mutant: Mutation? = nil,
        set: [String] = [], problem: String? = nil
    ) {
        (self.name, self.image, self.modules) = (name, image, modules)
        (self.mutant, self.set, self.problem) = (mutant, set, problem)
    }

    /// What `daxtorture run` is told of it, on a filesystem.
    func arguments(_ filesystem: String) -> [String] {
        var arguments: [String] = []
        if let image { arguments += ["--kernel", image] }
        if let modules { arguments += ["--modules", modules] }
        if let mutant, mutant.filesystem == filesystem { arguments += ["--mutant", mutant.name] }
        return arguments + set.flatMap { ["--set", $0] }
    }

    package var json: JSON {
        [
            "name": .string(name), "image": .optional(image.map { .string($0) }),
            "modules": .optional(modules.map { .string($0) }),
            "mutant": .optional(mutant.map { .string($0.name) }),
            "mutant_fs": .optional(mutant.map { .string($0.filesystem) }), "set": .strings(set),
            "problem": .optional(problem.map { .string($0) }),
        ]
    }

    package init(json: JSON) throws(NightError) {
        name = try json.member("name", \.string)
        (image, modules) = (json["image"]?.string, json["modules"]?.string)
        (set, problem) = (json["set"]?.strings ?? [], json["problem"]?.string)
        if let mutant = json["mutant"]?.string, let filesystem = json["mutant_fs"]?.string {
            self.mutant = Mutation(name: mutant, filesystem: filesystem)
        }
    }
}

/// A config of a night.
package struct NightConfig: Hashable, Sendable {
    /// The last part of its path, without `.toml`.
    package var name: String
    /// What `--config` gets.
    package var path: String
    /// What kernels as they are shipped are known to fail.
    package var knownFailure: KnownFailureText?

    /// A `[known-failure]`, as it is written.
    package struct KnownFailureText: Hashable, Sendable {
        package var until: String
        package var reason: String
        package var filesystem: String?

        package init(until: String, reason: String, filesystem: String?) {
            (self.until, self.reason, self.filesystem) = (until, reason, filesystem)
        }
    }

    package init(name: String, path: String, knownFailure: KnownFailureText? = nil) {
        (self.name, self.path, self.knownFailure) = (name, path, knownFailure)
    }

    package var json: JSON {
        [
            "name": .string(name), "path": .string(path),
            "known_until": .optional(knownFailure.map { .string($0.until) }),
            "known_reason": .optional(knownFailure.map { .string($0.reason) }),
            "known_fs": .optional(knownFailure?.filesystem.map { .string($0) }),
        ]
    }

    package init(json: JSON) throws(NightError) {
        name = try json.member("name", \.string)
        path = try json.member("path", \.string)
        if let until = json["known_until"]?.string, let reason = json["known_reason"]?.string {
            knownFailure = KnownFailureText(
                until: until, reason: reason, filesystem: json["known_fs"]?.string)
        }
    }
}

/// Settings under a name, for the filesystems that they are for.
package struct NightOptions: Hashable, Sendable {
    package var name: String
    package var set: [String]
    /// As `--fs` names them; empty: each.
    package var filesystems: [String]
    /// By their names; empty: each.
    package var configs: [String]

    package init(
        name: String, set: [String] = [], filesystems: [String] = [], configs: [String] = []
    ) {
        (self.name, self.set, self.filesystems, self.configs) = (name, set, filesystems, configs)
    }

    /// Whether they are for that filesystem and config.
    func suit(_ filesystem: String, _ config: String) -> Bool {
        (filesystems.isEmpty || filesystems.contains(filesystem))
            && (configs.isEmpty || configs.contains(config))
    }

    package var json: JSON {
        [
            "name": .string(name), "set": .strings(set), "filesystems": .strings(filesystems),
            "configs": .strings(configs),
        ]
    }

    package init(json: JSON) throws(NightError) {
        name = try json.member("name", \.string)
        (set, filesystems) = (json["set"]?.strings ?? [], json["filesystems"]?.strings ?? [])
        configs = json["configs"]?.strings ?? []
    }
}
