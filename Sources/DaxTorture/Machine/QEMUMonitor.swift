import DaxHost
import DaxSystem
import DaxText

/// QEMU's own word on why it ends: its exit status is 0 after a guest's reset and after a signal alike.
///
/// It is asked once, before it starts, to tell of events (QMP), and answers into a file, which can never
/// block it: nothing of the host's timing reaches the guest.
struct QEMUMonitor: ~Copyable {
    /// Why a machine was shut down: the reason of QEMU's event SHUTDOWN.
    enum Shutdown: Equatable {
        /// The guest's kernel panicked, or its CPU took a triple fault.
        case reset
        /// The guest switched itself off.
        case switchedOff
        /// SIGINT, SIGTERM or SIGHUP reached QEMU.
        case signal
        case other(String)
    }

    private let said: HostFile
    private let asked: HostPipe

    init() throws(SystemError) {
        let said = try HostFile.memory("qemu's monitor")
        let asked = try HostPipe("qemu's monitor")
        // Without it QEMU tells of no event. It stays open for as long as this value lives.
        try asked.writing.write(Array(#"{"execute": "qmp_capabilities"}"#.utf8 + [10]).span)
        self.said = said
        self.asked = asked
    }

    /// What QEMU must inherit.
    var inherited: [Int32] { [said.descriptor, asked.reading.descriptor] }

    var arguments: [String] {
        let (answers, questions) = (said.inheritedPath, asked.reading.inheritedPath)
        return [
            "-chardev", "file,id=monitor,path=\(answers),input-path=\(questions)",
            "-mon", "chardev=monitor,mode=control",
        ]
    }

    /// Why it ended; nil if it has not said so.
    func shutdown() throws(SystemError) -> Shutdown? {
        QEMUMonitor.shutdown(in: ConsoleLog(try said.readAll()).lines)
    }

    /// Finds it among QEMU's answers and events, a JSON object a line.
    static func shutdown(in lines: [String]) -> Shutdown? {
        for line in lines.reversed() {
            guard let event = try? JSON(line), event["event"] == .string("SHUTDOWN"),
                case .string(let reason)? = event["data"]?["reason"]
            else { continue }
            switch reason {
            case "guest-reset", "guest-panic": return .reset
            case "guest-shutdown": return .switchedOff
            case "host-signal": return .signal
            default: return .other(reason)
            }
        }
        return nil
    }
}
