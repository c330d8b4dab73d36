package import DaxModel
package import DaxSystem

/// Compares what a process's mappings of a file show with what read(2) found in it (R8).
package final class MappingComparison {
    let reference: SharedBuffer
    var other: Buffer
    /// Words compared so far.
    package internal(set) var wordsCompared: UInt64 = 0

    package init(with reference: SharedBuffer) {
        self.reference = reference
        other = Buffer(words: reference.buffer.count)
    }

    /// Compares an actor's long mapping of a file of `size` bytes, and looks beyond the end of file.
    package func compare(_ mapping: borrowing Mapping, of owner: String, size: UInt64)
        -> [Finding]
    {
        var findings: [Finding] = []
        compare(mapping, "\(owner)'s mapping", Int(size / 8), &findings)
        for word in stride(from: Int(size / 8), to: mapping.count, by: Page.words) {
            let result = mapping.load(word, count: 1, into: &other)
            if result.fault != nil { continue }
            findings.append(
                Finding(
                    rule: .sigbus, file: "", offset: UInt64(word) * 8, expected: "SIGBUS",
                    observed: "\(hex(other[0])) and no SIGBUS",
                    story:
                        "at the quiet point \(owner)'s mapping still reaches a page at offset "
                        + "\(word * 8), beyond the end of file at \(size)",
                    signature: Signature(
                        rule: .sigbus, seen: "no SIGBUS", relation: "a mapping at a quiet point")))
        }
        return findings
    }

    func compare(
        _ mapping: borrowing Mapping, _ name: String, _ count: Int,
        _ findings: inout [Finding]
    ) {
        let result = mapping.load(0, count: count, into: &other)
        if let fault = result.fault {
            findings.append(
                Finding(
                    rule: .sigbus, file: "", offset: UInt64(result.done) * 8, expected: "no SIGBUS",
                    observed: "signal \(fault.signal), si_code \(fault.code)",
                    story:
                        "at the quiet point \(name) takes a signal at offset \(result.done * 8), "
                        + "within the file of \(count * 8) bytes",
                    signature: Signature(
                        rule: .sigbus, seen: SystemError.signalName(of: Int32(fault.signal)),
                        relation: "a mapping at a quiet point")))
        }
        compare(name, result.done, &findings)
    }

    func compare(_ name: String, _ count: Int, _ findings: inout [Finding]) {
        wordsCompared += UInt64(count)
        guard let word = other.firstDifference(from: reference.buffer, in: 0..<count) else {
            return
        }
        findings.append(
            Finding(
                rule: .audit, file: "", offset: UInt64(word) * 8,
                expected: hex(reference.buffer[word]),
                observed: hex(other[word]),
                story:
                    "at the quiet point read(2) finds \(hex(reference.buffer[word])) at offset "
                    + "\(word * 8), and \(name) finds \(hex(other[word]))",
                signature: MappingComparison.signature(
                    found: other[word], expected: reference.buffer[word], by: name)))
    }

    /// What a difference has in common with others of its cause: which mapping is chance.
    private static func signature(found: UInt64, expected: UInt64, by name: String) -> Signature {
        let seen = found == 0 ? "zero" : expected == 0 ? "a stamp for zero" : "another stamp"
        let isMapping = name.hasSuffix("mapping")
        return Signature(
            rule: .audit, seen: seen, relation: "\(isMapping ? "a mapping" : name) at a quiet point"
        )
    }
}
