import DaxOperations
import DaxText

/// The scripts as functions in C.
extension Reproducer {
    /// A function for each script, with a line for each step; of several scripts the table of the actors.
    var functions: String {
        var parts: [String] = []
        if !isSequence {
            // It is filled further down.
            parts.append("#define ACTORS \(actors.count)\nstatic struct actor actors[ACTORS];")
        }
        if !setup.isEmpty {
            let first = (actors.flatMap(\.steps).map(\.number).max() ?? 0) + 1
            let lines = setup.enumerated().map { index, order in
                "\t" + numbered(call(order), first + index)
            }
            parts.append(function("lay_out", lines))
        }
        var done: Set<String> = []
        for actor in actors where done.insert(actor.function).inserted {
            parts.append(function(actor.function, lines(of: actor)))
        }
        if isSequence { return parts.joined(separator: "\n\n") }
        let rows = actors.map { "\t{ .name = \"\($0.name)\", .act = \($0.function) },\n" }
        parts.append("static struct actor actors[ACTORS] = {\n\(rows.joined())};")
        return parts.joined(separator: "\n\n")
    }

    private func function(_ name: String, _ lines: [String]) -> String {
        let parameter = isSequence ? "void" : "struct actor *a"
        // What has no call in it has no use for its actor.
        let isUsed = isSequence || lines.contains { $0.contains("(a") }
        let body = (isUsed ? [] : ["\t(void)a;"]) + lines
        return "static void \(name)(\(parameter))\n{\n\(body.joined(separator: "\n"))\n}"
    }

    private func lines(of actor: Actor) -> [String] {
        var lines: [String] = []
        // Where the lines of the steps begin that a repetition is about.
        var start = 0
        for step in actor.steps {
            if step.order.verb.shape == .repetition {
                let body = lines[start...].map { "\t" + $0 }
                lines[start...] =
                    ["\tfor (long i = 0; i < \(step.order.number); i++) {"] + body + ["\t}"]
                start = lines.count
            } else {
                lines.append("\t" + numbered(call(step.order), step.number))
                if actor.pause > 0 { lines.append("\tdo_pause(\(actor.pause));") }
            }
            let isAwaited = orders.contains {
                $0.verb == .after && $0.actor == actor.table && $0.number == UInt64(step.number)
            }
            if isAwaited { lines.append("\treached(a, \(step.number));") }
        }
        return lines
    }

    /// The call, with its number where the program has no log that knows it.
    private func numbered(_ call: String, _ number: Int) -> String {
        guard isSequence && call.hasPrefix("do_") else { return call }
        return (orders.contains { $0.verb == .repeat } ? "step++, " : "step = \(number), ") + call
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
        case .hold:
            arguments = [
                "F\(order.file)", bytes(order.offset), bytes(order.length), "\(order.nanoseconds)",
            ]
        case .filesystem: arguments = []
        case .ownHold: arguments = ["\(order.nanoseconds)"]
        case .time, .moment: return "do_\(order.verb.rawValue)(\(order.nanoseconds));"
        case .meeting: return "do_meet(MEET_\(order.number));"
        case .predecessor:
            let waited = actors.indices.filter { actors[$0].table == order.actor }
            return "do_after(&actors[\(waited.first ?? 0)], \(waited.count), \(order.number));"
        case .expectation: return isSequence ? "/* \(order) */" : expectation(order.expectation)
        case .repetition: preconditionFailure("\(order) is no call")
        }
        let all = (isSequence ? [] : ["a"]) + arguments
        return "do_\(order.verb.printed.rawValue.replacing("-", with: "_"))"
            + "(\(all.joined(separator: ", ")));"
    }

    private func expectation(_ expectation: Expectation) -> String {
        switch expectation {
        case .ok: "expect_ok(a);"
        case .sigbus: "expect_sigbus(a);"
        case .errno: "expect_error(a, \(expectation.name), \"\(expectation.name)\");"
        case .zero: "expect_zero(a);"
        case .written: "expect_written(a);"
        }
    }

    /// The numbers of the meetings that there are.
    var meetings: [UInt64] { Set(orders.filter { $0.verb == .meet }.map(\.number)).sorted() }

    /// How many actors come to one.
    func comers(_ meeting: UInt64) -> Int {
        actors.count { actor in
            actor.steps.contains { $0.order.verb == .meet && $0.order.number == meeting }
        }
    }
}

extension Reproducer.Actor {
    /// How many steps it carries out in a round, those that do nothing to a file aside.
    var length: UInt64 {
        var (length, start): (UInt64, UInt64) = (0, 0)
        for step in steps {
            if step.order.verb.shape == .repetition {
                let body = length - start
                length =
                    start + body.multipliedReportingOverflow(by: step.order.number).partialValue
                start = length
            } else if step.order.verb.stepKind != nil {
                length += 1
            }
        }
        return length
    }
}
