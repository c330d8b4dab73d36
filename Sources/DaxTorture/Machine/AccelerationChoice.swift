internal import DaxHost
internal import DaxSystem

/// What the user asked for: KVM if it works, or one of the two whatever it takes.
package enum AccelerationRequest: String, Sendable, CaseIterable {
    case auto, kvm, tcg
}

extension Machine {
    /// Sets the acceleration, and says in one line what was chosen and why.
    ///
    /// KVM is believed only after a kernel was booted with it: /dev/kvm can be there and hang a
    /// guest for ever. The answer is kept in `cache` for as long as this host is not rebooted.
    package mutating func accelerate(
        _ request: AccelerationRequest, cache: String
    ) throws(MachineError) -> String {
        acceleration = .tcg
        if request == .tcg { return "tcg, as asked" }
        if deterministic {
            guard request == .auto else {
                throw .badShape("a deterministic machine is emulated: it cannot use KVM")
            }
            return "tcg: a deterministic machine is emulated"
        }
        let trust = KVMTrust(
            memory: KVMMemory(path: "\(cache)/kvm-trial"), question: question,
            isInsistedOn: request == .kvm)
        if let reason = try reasonAgainst(trust) {
            if request == .kvm { throw .noKVM(reason: reason) }
            return "tcg: KVM does not work here (\(reason))"
        }
        (acceleration, trustInKVM) = (.kvm, trust)
        return "kvm: a trial boot succeeded"
    }

    /// What an answer about KVM holds for; a kernel of another age may well need what KVM here lacks.
    private var question: String {
        let bootID = (try? Files.text("/proc/sys/kernel/random/boot_id")) ?? ""
        return "\(bootID.split(separator: "\n").first ?? "") \(qemu.version) \(kernel.release)"
    }

    private func reasonAgainst(_ trust: KVMTrust) throws(MachineError) -> String? {
        guard (try? HostFile.updating("/dev/kvm")) != nil else {
            return "/dev/kvm cannot be opened"
        }
        if let answer = trust.memory.answer(to: trust.question) {
            return answer.isEmpty ? nil : answer
        }
        let reason = try KVMTrial(qemu: qemu, kernel: kernel, cpus: cpus).reasonAgainst()
        if Interrupts.seen > 0 { throw .interrupted }
        trust.memory.keep(reason ?? "", to: trust.question)
        return reason
    }
}

/// The answer that the last trial gave: two lines, the question and the answer.
struct KVMMemory {
    var path: String

    func answer(to question: String) -> String? {
        // Whoever opens a FIFO waits for its writer.
        guard Files.kind(path) == .regular, let text = try? Files.text(path) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 2, lines[0] == question else { return nil }
        return String(lines[1])
    }

    /// Keeps an answer. A cache that cannot be written costs another trial next time, no more.
    func keep(_ answer: String, to question: String) {
        let directory = path.split(separator: "/").dropLast().joined(separator: "/")
        try? Files.makeDirectories("/" + directory)
        try? Files.replace(path, with: Array("\(question)\n\(answer)\n".utf8))
    }

    /// Withdraws the answer: the next machine has a trial of its own.
    func forget() { try? Files.remove(path) }
}

/// A short boot under KVM: the kernel must get as far as missing a root filesystem.
package struct KVMTrial {
    var qemu: QEMU
    var kernel: KernelImage
    var cpus: Int

    package init(qemu: QEMU, kernel: KernelImage, cpus: Int) {
        (self.qemu, self.kernel, self.cpus) = (qemu, kernel, cpus)
    }

    /// Seconds; a working KVM needs one or two.
    static let deadline: Int32 = 15

    /// Why a kernel cannot be booted under KVM here; nil if it can.
    package func reasonAgainst() throws(MachineError) -> String? {
        do throws(SystemError) {
            let console = try HostFile.memory("console")
            let errors = try HostFile.memory("qemu's errors")
            var child = try ChildProcess(
                [qemu.path] + qemu.dataArguments + [
                    "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                    "-machine", "pc", "-m", "512M", "-smp", "\(cpus)",
                    "-accel", "kvm", "-cpu", "host", "-kernel", kernel.path,
                    "-append", "console=ttyS0 panic=-1 nokaslr",
                    "-serial", "file:\(console.inheritedPath)",
                ],
                environment: qemu.environment, output: errors, error: errors,
                inherited: [console.descriptor], guarded: true)
            var deadline = Deadline(nanoseconds: UInt64(KVMTrial.deadline) * 1_000_000_000)
            while try child.wait(milliseconds: 50) == nil {
                if deadline.isOver() || Interrupts.seen > 0 { break }
            }
            let exit = child.exit
            try child.kill()
            let log = ConsoleLog(try console.readAll())
            return KVMTrial.verdict(
                exit: exit, console: log, errors: ConsoleLog(try errors.tail(QEMU.longestAnswer)))
        } catch { throw .host(error) }
    }

    static func verdict(
        exit: ChildProcess.Exit?, console: ConsoleLog, errors: ConsoleLog
    ) -> String? {
        guard let exit else { return "a trial boot did not end in \(deadline) s" }
        guard exit == .exited(0) else { return errors.lines.last ?? "QEMU ended with \(exit)" }
        let expected = "Kernel panic - not syncing: VFS: Unable to mount root fs"
        guard console.lines.contains(where: { $0.contains(expected) }) else {
            return "a trial boot went wrong: \(console.lines.last ?? "the kernel printed nothing")"
        }
        return nil
    }
}
