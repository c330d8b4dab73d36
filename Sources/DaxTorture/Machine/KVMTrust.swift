internal import DaxHost
internal import DaxSystem

/// On what KVM was chosen for a machine, so that it can be taken back: a trial boot, or the memory of
/// one, says that KVM works, and the first machine that does not come up says that it does not.
struct KVMTrust: Sendable {
    var memory: KVMMemory
    /// What the answer in memory holds for.
    var question: String
    /// Whether the user wants KVM or nothing.
    var isInsistedOn: Bool
}

extension Machine {
    /// Runs the machine under KVM; if it does not come up, what was remembered of KVM is withdrawn, and
    /// the machine runs without, unless the user insisted.
    ///
    /// If it comes up then, KVM was to blame, and is not tried again; else the kernel may be.
    func runDoubtingKVM(
        _ initramfs: Initramfs, config: [UInt8], in directory: borrowing Directory,
        limits: MachineLimits, progress: (String) -> Void
    ) throws(MachineError) -> MachineRun {
        let run = try runAsIs(
            initramfs, config: config, in: directory, limits: limits, progress: progress)
        guard let trust = trustInKVM, let reason = run.reasonAgainstBoot else { return run }
        trust.memory.forget()
        if trust.isInsistedOn { return run }
        progress("KVM does not boot it (\(reason)): once more, emulated")
        try onHost { () throws(SystemError) in
            try directory.rename("console.log", to: "console-kvm.log")
        }
        var emulated = self
        (emulated.acceleration, emulated.trustInKVM) = (.tcg, nil)
        var second = try emulated.runAsIs(
            initramfs, config: config, in: directory, limits: limits, progress: progress)
        second.failureOfKVM = reason
        if second.kernelRelease != nil { trust.memory.keep(reason, to: trust.question) }
        return second
    }
}

extension MachineRun {
    /// Why the kernel did not come up; nil if it did, or was not given the time to. A guest that says
    /// itself why it cannot go on was booted.
    fileprivate var reasonAgainstBoot: String? {
        if kernelRelease != nil || lastLines.contains(where: { $0.contains(Guest.complaint) }) {
            return nil
        }
        switch outcome {
        case .neverBooted(let reason), .qemuDied(let reason): return reason
        case .silent(let seconds): return "no sign of life in \(seconds) s"
        case .finished, .panicked, .switchedOff, .hung, .garbled, .qemuStopped, .interrupted:
            return nil
        }
    }
}
