import DaxSystem

/// Where threads are in the kernel (/proc/PID/task/TID/stack; for root alone).
enum KernelStacks {
    /// The stack of the thread `kernelID`, of whatever process, then those of that process's io_uring
    /// workers, which do the work that a thread in io_uring_enter waits for. A line a frame. A thread that does not wait but
    /// goes round has no stack to be read; where it spends its time is told instead.
    static func read(of kernelID: Int32) -> [String] {
        // Any thread's number names its process there.
        let root = "/proc/\(kernelID)/task"
        var lines = stack("\(root)/\(kernelID)")
        if lines.isEmpty, let times = times("\(root)/\(kernelID)") { lines.append(times) }
        for task in (try? Files.names(in: root)) ?? [] {
            let name = (try? Files.text("\(root)/\(task)/comm")) ?? ""
            guard name.hasPrefix("iou-wrk") else { continue }
            lines.append("io_uring worker \(task) (\(name.prefix { $0 != "\n" })):")
            lines += stack("\(root)/\(task)")
        }
        return lines
    }

    /// What /proc/PID/task/TID/stat says of its state and its time on a CPU (proc_pid_stat(5)).
    private static func times(_ task: String) -> String? {
        guard let text = try? Files.text("\(task)/stat"),
            let name = text.lastIndex(of: ")")
        else { return nil }
        // From the end of the name on, the second field, which may hold anything; ticks are 10 ms.
        let fields = text[name...].split(separator: " ")
        guard fields.count > 13, let user = UInt64(fields[12]), let kernel = UInt64(fields[13])
        else { return nil }
        return "it has state \(fields[1]), and used \(user * 10) ms of a CPU in user mode, "
            + "\(kernel * 10) ms in the kernel"
    }

    private static func stack(_ task: String) -> [String] {
        let text = (try? Files.text("\(task)/stack")) ?? "its stack cannot be read"
        return text.split(separator: "\n").map(String.init)
    }
}
