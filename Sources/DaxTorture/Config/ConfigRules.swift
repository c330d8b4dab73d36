internal import DaxText

/// A rule between several keys that a config breaks.
struct BrokenRule {
    /// The keys at fault. The first that anyone wrote gives the message its subject, so what may be
    /// said of several reads well behind each.
    var keys: [String]
    var message: String

    init(_ keys: String..., message: String) { self.init(keys, message: message) }

    init(_ keys: [String], message: String) {
        self.keys = keys
        self.message = message
    }
}

extension Config {
    /// The most actors in a run: a stamp holds its writer in 8 bits, 0 is nobody, and the highest is
    /// that of the canaries.
    package static let mostActors: UInt64 = 254

    /// The most files and actors together: each actor may have a file of its own, and a stamp holds
    /// the file in 8 bits.
    package static let mostFilesAndActors: UInt64 = 256

    /// The most tables `[promise.NAME]` of a config.
    static let mostPromises = 100

    /// The most tables `[known.NAME]`.
    static let mostKnown = 256

    /// The most bytes of a config's text.
    package static let mostBytes = 1 << 20

    /// The first rule between keys that is broken; the ranges of single keys hold already.
    func brokenRule() -> BrokenRule? {
        brokenActorRule() ?? brokenFileRule() ?? brokenSizeRule() ?? brokenOracleRule()
            ?? brokenDaxRule() ?? brokenMemoryRule()
            ?? brokenPlaceRule() ?? brokenCrashRule()
    }

    private func brokenOracleRule() -> BrokenRule? {
        guard oracle.compare > 0 && !oracle.check else { return nil }
        return BrokenRule(
            "oracle.compare", "oracle.check", message: "compares nothing with no checks")
    }

    private func brokenDaxRule() -> BrokenRule? {
        guard run.differential else { return nil }
        if fs.dax == .never {
            return BrokenRule(
                "run.differential", "fs.dax",
                message: "compares with a run without DAX; this is one")
        }
        if fs.mount != nil {
            return BrokenRule(
                "run.differential", "fs.mount",
                message: "needs a filesystem of its own, to mount it without DAX")
        }
        if oracle.compare > 0 {
            return BrokenRule(
                "run.differential", "oracle.compare", message: "and a benchmark exclude each other")
        }
        return nil
    }

    private func brokenActorRule() -> BrokenRule? {
        for actor in actors {
            let table = "actor.\(actor.name)"
            if actor.role.isEmpty {
                return BrokenRule("\(table).role", message: "absent; every actor needs a role")
            }
            if fs.reflink && actor.count > 0 && ["io", "pinner"].contains(actor.role) {
                return BrokenRule(
                    "\(table).role", "fs.reflink",
                    message: "\(actor.role) pins pages, and what a pinned page of a shared extent "
                        + "shows is not in the model; leave fs.reflink out")
            }
            if fs.mount != nil && actor.count > 0
                && ["filler", "freezer", "administrator"].contains(actor.role)
            {
                return BrokenRule(
                    "\(table).role", "fs.mount",
                    message: "\(actor.role) does something to everybody on the filesystem, and a "
                        + "mount that was there before has other users")
            }
            if actor.role == "poisoner" && actor.count > 0, let rule = brokenPoisonRule(table) {
                return rule
            }
            if actor.min > actor.max {
                return BrokenRule(
                    "\(table).min", "\(table).max",
                    message: "\(actor.min) is more than \(table).max, \(actor.max)")
            }
            if actor.max > fs.fileSize {
                return BrokenRule(
                    "\(table).max", "fs.file-size",
                    message: "\(actor.max) is more than fs.file-size, \(fs.fileSize)")
            }
            if actor.align > fs.fileSize {
                return BrokenRule(
                    "\(table).align", "fs.file-size",
                    message: "\(actor.align) is more than fs.file-size, \(fs.fileSize)")
            }
        }
        return brokenCountRule()
    }

    /// Actors that draw ranges meet in windows of pages that one PMD maps.
    private func brokenSizeRule() -> BrokenRule? {
        let isWhole = fs.fileSize >= .mib(4) && fs.fileSize.bytes % ByteSize.mib(2).bytes == 0
        guard !isWhole, let one = actors.first(where: { $0.role != "script" && $0.count > 0 })
        else { return nil }
        return BrokenRule(
            "fs.file-size", "actor.\(one.name).role",
            message: "\(fs.fileSize) is not 4MiB or more in steps of 2MiB, which all actors but "
                + "scripts need")
    }

    private func brokenCountRule() -> BrokenRule? {
        let counts = actors.sorted { $0.count > $1.count }.map { "actor.\($0.name).count" }
        let total = actors.reduce(0) { $0 + $1.count }
        if total == 0 {
            return BrokenRule(counts + ["actor"], message: "a run needs at least one actor")
        }
        if total > Config.mostActors {
            return BrokenRule(
                counts, message: "\(total) actors in all are more than \(Config.mostActors)")
        }
        if fs.files + total > Config.mostFilesAndActors {
            return BrokenRule(
                ["fs.files"] + counts,
                message: "\(fs.files) files and \(total) actors are more than "
                    + "\(Config.mostFilesAndActors) together")
        }
        return nil
    }

    /// Memory is made to fail only where it belongs to nobody, and where it is mapped at all.
    private func brokenPoisonRule(_ table: String) -> BrokenRule? {
        for (key, path) in [("fs.mount", fs.mount), ("fs.device", fs.device)] where path != nil {
            return BrokenRule(
                "\(table).role", key,
                message:
                    "poisoner makes memory fail, which it does to a virtual machine's own alone; "
                    + "leave \(key) out")
        }
        if fs.dax == .never {
            return BrokenRule(
                "\(table).role", "fs.dax", message: "poisoner has nothing to fail without DAX")
        }
        if run.differential {
            return BrokenRule(
                "\(table).role", "run.differential",
                message: "poisoner has nothing to fail in the run without DAX")
        }
        if actors.contains(where: { $0.role == "forker" && $0.count > 0 }) {
            return BrokenRule(
                "\(table).role",
                message: "poisoner and forker exclude each other: children inherit the mapping of "
                    + "what fails")
        }
        return nil
    }

    /// An audit reads a file whole, and what it read is judged like any other read.
    private func brokenMemoryRule() -> BrokenRule? {
        if oracle.memory.bytes / 2 >= fs.fileSize.bytes { return nil }
        return BrokenRule(
            "oracle.memory", "fs.file-size",
            message: "an audit of fs.file-size, \(fs.fileSize), takes oracle.memory of "
                + "\(ByteSize(bytes: 2 * fs.fileSize.bytes)) or more, not \(oracle.memory)")
    }

    private func brokenPlaceRule() -> BrokenRule? {
        if fs.reflink && fs.type != .xfs {
            return BrokenRule(
                "fs.reflink", "fs.type", message: "\(fs.type.rawValue) has no reflink")
        }
        if fs.exchange && fs.type != .xfs {
            return BrokenRule(
                "fs.exchange", "fs.type", message: "\(fs.type.rawValue) has no exchange range")
        }
        if fs.zeroout && fs.type != .ext4 {
            return BrokenRule(
                "fs.zeroout", "fs.type",
                message: "\(fs.type.rawValue) writes no zeros to blocks that nobody writes to")
        }
        if fs.failingGrowth && fs.type != .ext4 {
            return BrokenRule(
                "fs.failing-growth", "fs.type",
                message: "on \(fs.type.rawValue) such writes are made without it")
        }
        if let rule = brokenOptionRule() { return rule }
        if fs.mount != nil && fs.free != nil {
            return BrokenRule(
                "fs.free", "fs.mount",
                message: "others may need the space of a mount that was there before")
        }
        if fs.mount != nil && fs.device != nil {
            return BrokenRule("fs.mount", "fs.device", message: "and fs.device exclude each other")
        }
        return fs.mount != nil || fs.device != nil ? brokenHostRule() : brokenMachineRule()
    }

    private func brokenOptionRule() -> BrokenRule? {
        for (key, options) in [("fs.mkfs", fs.mkfs), ("fs.mount-options", fs.mountOptions)]
        where fs.mount != nil && !options.isEmpty {
            return BrokenRule(
                key, "fs.mount", message: "a filesystem that was there before stays as it is")
        }
        let allowed = AllowedOptions(type: fs.type)
        if let complaint = allowed.complaint(mkfs: fs.mkfs, dax: fs.dax) {
            return BrokenRule("fs.mkfs", "fs.type", "fs.dax", message: complaint)
        }
        if let complaint = allowed.complaint(mount: fs.mountOptions) {
            return BrokenRule("fs.mount-options", "fs.type", message: complaint)
        }
        return nil
    }

    /// Rules of a run on this machine itself.
    private func brokenHostRule() -> BrokenRule? {
        let place = fs.mount != nil ? "fs.mount" : "fs.device"
        if vm.deterministic {
            return BrokenRule(
                "vm.deterministic", place,
                message: "only a virtual machine is deterministic; leave \(place) out")
        }
        if vm.map == .dev {
            return BrokenRule(
                "vm.map", place, message: "only a virtual machine's pmem is set up anew")
        }
        for (key, path) in [
            ("vm.kernel", vm.kernel), ("vm.modules", vm.modules), ("vm.qemu", vm.qemu),
            ("vm.seed", vm.seed?.description), ("vm.mutant", vm.mutant),
        ]
        where path != nil {
            return BrokenRule(key, place, message: "no machine is booted beside \(place)")
        }
        return nil
    }

    /// Rules of a run in a virtual machine.
    private func brokenMachineRule() -> BrokenRule? {
        if vm.deterministic && vm.acceleration == .kvm {
            return BrokenRule(
                "vm.deterministic", "vm.accel", message: "KVM cannot do that; leave vm.accel out")
        }
        if vm.deterministic && vm.device == .virtio {
            return BrokenRule(
                "vm.device", "vm.deterministic",
                message:
                    "of virtio-pmem the host decides when it is durable; leave vm.deterministic out"
            )
        }
        if vm.seed != nil && !vm.deterministic {
            return BrokenRule(
                "vm.seed",
                message: "decides nothing but the interleaving of vm.deterministic = true")
        }
        if vm.modules != nil && vm.kernel == nil {
            return BrokenRule(
                "vm.modules", message: "belong to a kernel; name it by --kernel or vm.kernel")
        }
        let all = ByteSize(bytes: fs.files * fs.fileSize.bytes)
        if all.bytes > vm.pmem.bytes / 4 * 3 {
            return BrokenRule(
                "fs.file-size", "fs.files", "vm.pmem",
                message: "\(fs.files) of \(fs.fileSize) are more than three quarters of vm.pmem, "
                    + "\(vm.pmem)")
        }
        // mkfs.xfs has refused anything smaller since xfsprogs 5.19. The struct pages of so much,
        // 64 bytes for each 4 KiB, take 6 MiB of it where they lie there; a superblock alone 2 MiB.
        let least: ByteSize =
            vm.map == .dev ? .mib(306) : vm.device == .nvdimm ? .mib(302) : .mib(300)
        if fs.type == .xfs && vm.pmem < least {
            return BrokenRule("vm.pmem", "fs.type", message: "xfs needs at least \(least)")
        }
        return nil
    }
}
