import DaxConfig
import DaxOperations
import DaxText

extension Reproducer {
    /// The program's text.
    package var program: String {
        let (features, values) = (features, values)
        let templates: [CTemplate] =
            isSequence ? [.sequence, .sequenceVerbs] : [.log, .files, .verbs]
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
        let named = kinds.filter { $0 != .other && $0 != .read }
        let written = orders.filter { $0.verb.stepKind == .written }.map(\.length).max() ?? 8
        let reads = isSequence || orders.contains { $0.verb == .directRead }
        let logged = actors.reduce(0) { $0 + $1.orders.count }
        let files = (0..<files).map { "F\($0)" }
        let size = Reproducer.bytes(config.fs.fileSize.bytes)
        return [
            "ROUNDS": "\(rounds)", "MAPPED": size, "SIZE": size,
            "JUDGED": Reproducer.bytes(reach),
            "MOST": Reproducer.bytes(max(written, reads ? Reproducer.page : 8)),
            "FILES": files.joined(separator: ", "),
            "SPANS": spans.map(Reproducer.bytes).joined(separator: ", "),
            "DESCRIPTORS": (has(.direct) ? ", direct[FILES]" : "")
                + (features.contains(Order.Verb.syncWrite.rawValue) ? ", synchronous[FILES]" : ""),
            "KINDS": named.map { ", \($0.rawValue)" }.joined(),
            "STEPS": "\(logged + files.count)",
            "CUT": alternatives([.cut]).map { " || \($0)" }.joined(),
            "GROWS": has(.grows) ? grown.map { " || \($0)" }.joined() : "",
            "GREW": grown.joined(separator: " || "),
            "OR_COPY": has(.copies) ? ", or that of another word" : "",
            "NOBODY": has(.copies) ? ", NULL, 0" : "",
            "NAME": name,
            "LAYOUT": layout,
            "ACT": actors[0].function,
            "MAKE": files.map { "\t\tmake(&actors[0], \($0), \(size));" }.joined(separator: "\n"),
        ]
    }

    private var layout: String {
        switch config.fs.layout {
        case .aligned: "all of it allocated"
        case .broken: "allocated block by block"
        case .hole, .mixed: "a hole"
        }
    }

    /// A function for each script, with a line for each step; of several scripts the table of the actors.
    private var functions: String {
        var done: Set<String> = []
        var parts: [String] = []
        for actor in actors where done.insert(actor.function).inserted {
            let parameter = isSequence ? "void" : "struct actor *a"
            var text = "static void \(actor.function)(\(parameter))\n{\n"
            for (index, order) in actor.orders.enumerated() {
                text += "\t" + (isSequence ? "step = \(index + 1), " : "") + call(order) + "\n"
                if actor.pause > 0 { text += "\tdo_pause(\(actor.pause));\n" }
            }
            parts.append(text + "}")
        }
        if isSequence { return parts.joined(separator: "\n\n") }
        let rows = actors.map { "\t{ .name = \"\($0.name)\", .act = \($0.function) },\n" }
        parts.append(
            "static struct actor actors[] = {\n\(rows.joined())};\n#define ACTORS \(actors.count)")
        return parts.joined(separator: "\n\n")
    }

    /// The step as a call.
    private func call(_ order: Order) -> String {
        func bytes(_ count: UInt64) -> String { Reproducer.bytes(count) }
        let arguments: [String]
        switch order.verb.shape {
        case .range: arguments = ["F\(order.file)", bytes(order.offset), bytes(order.length)]
        case .size: arguments = ["F\(order.file)", bytes(order.offset)]
        case .file: arguments = ["F\(order.file)"]
        case .pair:
            arguments = [
                "F\(order.file)", bytes(order.offset), "F\(order.source)",
                bytes(order.sourceOffset), bytes(order.length),
            ]
        case .filesystem: arguments = []
        case .time: return "do_pause(\(order.nanoseconds));"
        }
        let all = (isSequence ? [] : ["a"]) + arguments
        return "do_\(order.verb.printed.rawValue.replacing("-", with: "_"))"
            + "(\(all.joined(separator: ", ")));"
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
