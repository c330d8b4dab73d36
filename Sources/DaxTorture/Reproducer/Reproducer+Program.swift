import DaxConfig
import DaxOperations
import DaxText

extension Reproducer {
    /// The program's text.
    package var program: String {
        let (features, values) = (features, values)
        let templates: [CTemplate] =
            isSequence
            ? [.sequence, .hold, .ownPin, .trace, .writeback, .sequenceVerbs]
            : [.log, .files, .hold, .ownPin, .trace, .verbs]
        let rest: [CTemplate] = isSequence ? [.system, .sequenceMain] : [.check, .system, .main]
        let parts =
            [head] + templates.map { $0.filled(features, values) } + [functions]
            + rest.map { $0.filled(features, values) }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var values: [String: String] {
        let kinds = kinds
        func has(_ feature: Feature) -> Bool { features.contains(feature.rawValue) }
        func alternatives(_ wanted: [StepKind]) -> [String] {
            wanted.filter(kinds.contains).map { "s->kind == \($0.rawValue)" }
        }
        let grown = alternatives(StepKind.allCases.filter(\.grows))
        let sets = ["s->kind == MADE"] + alternatives([.cut])
        let broken = " ||\n\t\t     "
        let named = kinds.filter { $0 != .other && $0 != .read }
        let written = orders.filter { $0.verb.stepKind == .written }.map(\.length).max() ?? 8
        let reads = isSequence || orders.contains { $0.verb == .directRead || $0.verb.holdsCopy }
        let logged = actors.map(\.length).reduce(UInt64(setup.count + files.count), +)
        let size = Reproducer.bytes(config.fs.fileSize.bytes)
        let stores = alternatives([.stored, .written])
        return [
            "ROUNDS": "\(rounds)", "MAPPED": size,
            "JUDGED": Reproducer.bytes(reach),
            "MOST": Reproducer.bytes(max(written, reads ? Reproducer.page : 8)),
            "FILES": files.map { "F\($0)" }.joined(separator: ", "),
            "SPANS": spans.map(Reproducer.bytes).joined(separator: ", "),
            "DESCRIPTORS": (has(.direct) ? ", direct[FILES]" : "")
                + (features.contains(Order.Verb.syncWrite.rawValue) ? ", synchronous[FILES]" : ""),
            "KINDS": named.map { ", \($0.rawValue)" }.joined(),
            "STEPS": "\(logged)",
            "STORES": stores.isEmpty ? "0" : stores.joined(separator: " || "),
            "MEETINGS": (["START"] + meetings.map { "MEET_\($0)" }).joined(separator: ", "),
            "COMERS": ([actors.count] + meetings.map(comers)).map { "\($0)" }
                .joined(separator: ", "),
            "SETS": sets.joined(separator: " || "),
            "SETS_OR_GROWS": (sets + (has(.grows) ? grown : [])).joined(separator: broken),
            "GREW": grown.joined(separator: broken),
            "OR_COPY": has(.copies) ? ", or that of another word" : "",
            "NOBODY": has(.copies) ? ", NULL, 0" : "",
            "NAME": name,
            "LAYOUT": layout,
            "ACT": actors[0].function,
            "MAKE": files.map(make).joined(separator: "\n\t\t"),
        ]
    }

    /// The call that makes a file.
    private func make(_ file: Int) -> String {
        let size = Reproducer.bytes(Reproducer.startingSize(file, config, files))
        return isSequence ? "make_file(F\(file), \(size));" : "make(&actors[0], F\(file), \(size));"
    }

    private var layout: String {
        switch config.fs.layout {
        case .aligned: "all of it allocated"
        case .broken: "allocated block by block"
        case .hole, .mixed: "a hole"
        }
    }

    /// A number of bytes as it stands in the program.
    static func bytes(_ count: UInt64) -> String {
        for (size, unit) in [(UInt64(1) << 20, "MiB"), (1 << 10, "KiB")]
        where count >= size && count % size == 0 {
            return count == size ? unit : "\(count / size) * \(unit)"
        }
        return "\(count)"
    }
}
