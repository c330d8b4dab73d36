internal import DaxText

/// The keys of a matrix, as docs/nightly.md lists them.
extension Matrix {
    /// The names alone; what a table says of one comes on top.
    static let top = ConfigTable<Matrix>(
        name: "", meaning: "",
        keys: [
            ConfigKey(
                "kernels", \.kernelNames, .list("a list of kernels", "\"6.1-cloud\""),
                "names as ci/fetch-kernel knows them, or of tables [kernel.NAME]; absent: those of all "
                    + "tables"),
            ConfigKey(
                "filesystems", \.filesystems, .filesystems, "the filesystems"),
            ConfigKey(
                "configs", \.configs, .list("a list of configs", "\"default\""),
                "names that `daxtorture configs` lists, or paths"),
            ConfigKey(
                "seeds", \.seeds, .integer(1...1000),
                "runs of each combination, each night from new seeds"),
            ConfigKey(
                "duration", \.duration, .span(.seconds(1) ... .hours(24)),
                "how long the actors of a run work where no budget says otherwise"),
            ConfigKey(
                optional: "baseline", \.baseline, .line("a kernel's name", "\"6.1-cloud\""),
                "one of the kernels, on which each new failure is tried, too"),
            ConfigKey(
                "known", \.known, .list("a list of files", "\"known.toml\""),
                "files of known issues (known.md)"),
            ConfigKey(
                "repeats", \.repeats, .integer(0...100),
                "how often a new failure is tried again at once, on its kernel and on the baseline"),
            ConfigKey(
                "keep", \.keep, .integer(1...1000),
                "how many nights stay whole; of older ones the reports go"),
            ConfigKey(
                "sound", \.sound, .boolean,
                "whether configs are left out on kernels that they are known to fail on"),
        ])

    static let kernel = ConfigTable<MatrixKernel>(
        name: "kernel.NAME", meaning: "",
        keys: [
            ConfigKey(
                optional: "kernel", \.kernel, .path,
                "a name as ci/fetch-kernel knows it, a bzImage or vmlinuz, or a directory with one; absent: "
                    + "NAME"),
            ConfigKey(
                optional: "modules", \.modules, .path, "a directory as /lib/modules/RELEASE is"),
            ConfigKey(
                optional: "mutant", \.mutant, .line("a mutant's name", "\"ext4-stale-punch\""),
                "one that `daxtorture mutants` lists, on its filesystem alone"),
            ConfigKey(
                "set", \.set, .list("a list of settings", "\"vm.cpus=4\""),
                "KEY=VALUE each, as --set takes them"),
        ])

    static let options = ConfigTable<MatrixOptions>(
        name: "options.NAME", meaning: "",
        keys: [
            ConfigKey(
                "set", \.set, .list("a list of settings", "\"fs.reflink=true\""),
                "KEY=VALUE each, as --set takes them"),
            ConfigKey(
                "filesystems", \.filesystems, .filesystems,
                "the filesystems that they are for; absent: each"),
            ConfigKey(
                "configs", \.configs, .list("a list of configs", "\"default\""),
                "of the matrix's configs those that they are for; absent: each"),
        ])

    /// What `kernels` is read into.
    var kernelNames: [String] {
        get { kernels.map(\.name) }
        set {
            kernels = newValue.map { name in
                kernels.first { $0.name == name } ?? MatrixKernel(name: name)
            }
        }
    }

    /// The tables of docs/nightly.md.
    package static var documentation: String {
        func rows<Root>(_ table: ConfigTable<Root>, _ usual: Root) -> String {
            table.keys.map { key in
                let literal = key.literal(usual).flatMap { $0 == "[]" ? nil : "`\($0)`" } ?? "-"
                return "| `\(key.name)` | \(key.range) | \(literal) | \(key.meaning) |\n"
            }.joined()
        }
        let head = "| key | value | default | meaning |\n|---|---|---|---|\n"
        return head + rows(top, Matrix()) + "\n`[kernel.NAME]`:\n\n" + head
            + rows(kernel, MatrixKernel(name: "")) + "\n`[options.NAME]`:\n\n" + head
            + rows(options, MatrixOptions(name: ""))
    }
}

extension KeyType where Value == [String] {
    /// Strings as they are.
    fileprivate static func list(_ noun: String, _ example: String) -> Self {
        KeyType(
            carrier: .strings, noun: noun, example: "[\(example)]", range: "strings",
            parse: { text in
                let all = text.split(separator: ";").map(String.init)
                return all.allSatisfy { visible($0) == $0 } ? all : nil
            },
            print: { $0.joined(separator: ";") }, complaint: { _ in nil })
    }
}

extension KeyType where Value == [FilesystemType] {
    fileprivate static var filesystems: Self {
        let names = FilesystemType.allCases.map(\.rawValue)
        return KeyType(
            carrier: .strings, noun: "a list of filesystems",
            example: "[\(names.map(quoted).joined(separator: ", "))]",
            range: "of " + names.joined(separator: ", "),
            parse: { text in
                let all = text.split(separator: ";").map { FilesystemType(rawValue: String($0)) }
                let found = all.compactMap { $0 }
                return found.count == all.count && Set(found).count == found.count
                    && !found.isEmpty ? found : nil
            },
            print: { $0.map(\.rawValue).joined(separator: ";") }, complaint: { _ in nil })
    }
}

extension KeyType where Value == String {
    fileprivate static func line(_ noun: String, _ example: String) -> Self {
        KeyType(
            carrier: .string, noun: noun, example: example, range: "a name",
            parse: { $0.isEmpty || visible($0) != $0 ? nil : $0 }, print: { $0 },
            complaint: { _ in nil })
    }
}
