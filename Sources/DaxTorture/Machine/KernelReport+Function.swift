extension KernelReport {
    /// The function of the kernel that the report is about, without offset and compiler's suffix: of a
    /// WARNING or BUG the one that it stands in, of a task that hangs the first that is no waiting by
    /// itself; nil where nothing says.
    package var function: String? {
        if kind == .corruption { return filesystemFunction ?? KernelReport.symbol(in: line) }
        if let function = KernelReport.symbol(in: line) { return function }
        let text = context.map { String(ConsoleLog.withoutPrefix($0)) }
        if kind == .hungTask { return callers(text).first { !KernelReport.waits($0) } }
        let pointer = text.first { $0.hasPrefix("RIP: ") }
        return pointer.flatMap(KernelReport.symbol)
    }

    /// `ext4_lookup` of "EXT4-fs error (device pmem0): ext4_lookup:1851: inode ...".
    private var filesystemFunction: String? {
        guard line.hasPrefix("EXT4-fs error"), let colon = line.firstRange(of: "): ") else {
            return nil
        }
        let name = line[colon.upperBound...].prefix { $0 == "_" || $0.isLetter || $0.isNumber }
        return name.isEmpty ? nil : String(name)
    }

    /// The functions of the call trace, innermost first, but for those that the unwinder is not sure of.
    private func callers(_ text: [String]) -> [String] {
        text.drop { !$0.hasPrefix("Call Trace:") }.filter { !$0.contains("? ") }
            .compactMap(KernelReport.symbol)
    }

    /// Scheduling, and the locks and waits that lead to it: they are the same for all who hang.
    private static func waits(_ function: String) -> Bool {
        let name = function.drop { $0 == "_" }
        return [
            "schedule", "io_schedule", "rwsem_", "down_", "mutex_", "bit_wait", "wait_", "rcu_",
            "out_of_line_wait", "percpu_rwsem_", "synchronize_", "preempt_schedule",
        ].contains { name.hasPrefix($0) }
    }

    /// The function before the first `+0x1b/0x2c` of a line.
    private static func symbol(in line: String) -> String? {
        for word in line.split(whereSeparator: { " ():[],".contains($0) }) {
            guard let plus = word.firstRange(of: "+0x"), word[plus.upperBound...].contains("/0x")
            else { continue }
            let name = word[..<plus.lowerBound].prefix { $0 != "." }
            return name.isEmpty ? nil : String(name)
        }
        return nil
    }
}
