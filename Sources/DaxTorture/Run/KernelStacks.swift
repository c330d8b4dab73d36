import DaxSystem

/// Where threads of this process are in the kernel (/proc/self/task/TID/stack; for root alone).
enum KernelStacks {
    /// The stack of the thread `kernelID`, then those of the io_uring workers, which do the work
    /// that a thread in io_uring_enter waits for. A line a frame.
    static func read(of kernelID: Int32) -> [String] {
        var lines = stack("\(kernelID)")
        for task in (try? Files.names(in: root)) ?? [] {
            let name = (try? Files.text("\(root)/\(task)/comm")) ?? ""
            guard name.hasPrefix("iou-wrk") else { continue }
            lines.append("io_uring worker \(task) (\(name.prefix { $0 != "\n" })):")
            lines += stack(task)
        }
        return lines
    }

    private static let root = "/proc/self/task"

    private static func stack(_ task: String) -> [String] {
        let text = (try? Files.text("\(root)/\(task)/stack")) ?? "its stack cannot be read"
        return text.split(separator: "\n").map(String.init)
    }
}
