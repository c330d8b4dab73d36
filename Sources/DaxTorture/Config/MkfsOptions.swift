/// Options of mkfs, each a letter with its values: "-O fast_commit", "-m rmapbt=1".
///
/// mke2fs takes the last -O or -E for all of it, and mkfs.xfs takes no value twice: what the program
/// itself says and what a config adds must be one option of each letter.
package struct MkfsOptions: Hashable, Sendable {
    package struct Option: Hashable, Sendable {
        package var letter: Character
        package var values: [String]
    }

    /// In the order in which their letters came first.
    package private(set) var options: [Option] = []

    package init() {}

    /// `lines` as `fs.mkfs` has them. Throws the first that is not a letter and its values.
    init(_ lines: [String]) throws(OptionMisfit) {
        for line in lines {
            let words = line.split(separator: " ")
            guard words.count == 2, let letter = words[0].dropFirst().first, words[0].count == 2,
                words[0].first == "-"
            else {
                throw OptionMisfit(
                    "\(named(line)) is not one option of mkfs's, such as \"-O fast_commit\"")
            }
            add(letter, words[1].split(separator: ",").map(String.init))
        }
    }

    /// Adds values to an option; of two that name the same thing (`extszinherit=`) the later stands.
    package mutating func add(_ letter: Character, _ values: [String]) {
        let place =
            options.firstIndex { $0.letter == letter }
            ?? {
                options.append(Option(letter: letter, values: []))
                return options.count - 1
            }()
        for value in values {
            let name = value.split(separator: "=").first
            options[place].values.removeAll {
                $0 == value || value.contains("=") && $0.split(separator: "=").first == name
            }
            options[place].values.append(value)
        }
    }

    /// As arguments of a command.
    package var arguments: [String] {
        options.flatMap { ["-\($0.letter)", $0.values.joined(separator: ",")] }
    }
}

/// Why an option is refused: the whole line, less the key.
struct OptionMisfit: Error {
    let message: String

    init(_ message: String) { self.message = message }
}
