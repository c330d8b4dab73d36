internal import DaxText

extension Config {
    /// What goes with a cut of the power: QEMU follows a memory that memmap= set apart, instruction by
    /// instruction, and there are words that nothing is said of yet.
    func brokenCrashRule() -> BrokenRule? {
        guard crash.cuts > 0 else { return nil }
        func rule(_ key: String, _ message: String) -> BrokenRule {
            BrokenRule("crash.cuts", key, message: message)
        }
        for (key, path) in [("fs.mount", fs.mount), ("fs.device", fs.device)] where path != nil {
            return rule(key, "needs a virtual machine; leave \(key) out")
        }
        if vm.device != .memmap {
            return rule("vm.device", "follows pmem of vm.device = \"memmap\"")
        }
        if vm.map != .mem { return rule("vm.map", "follows pmem of vm.map = \"mem\"") }
        if vm.acceleration == .kvm { return rule("vm.accel", "KVM shows nobody its stores") }
        if fs.dax == .never { return rule("fs.dax", "is about DAX; fs.dax is never") }
        if fs.reflink || fs.exchange {
            return rule("fs.reflink", "says nothing of words that files share or exchange")
        }
        if run.rounds != nil {
            return rule("run.rounds", "belongs to epochs, and rounds have none")
        }
        if oracle.compare > 0 {
            return rule("oracle.compare", "and a benchmark exclude each other")
        }
        let moving = ["mover", "cloner", "borrower", "poisoner", "freezer", "administrator"]
        for actor in actors where actor.count > 0 && moving.contains(actor.role) {
            return rule("actor.\(actor.name).role", "says nothing of what a \(actor.role) does")
        }
        return nil
    }
}
