import DaxActors
import DaxConfig
import DaxModel
import DaxOperations
import DaxText

/// What a run in a machine needs of the ordinary memory there, at most: what does not fit is refused
/// before anything is booted, since the kernel would kill the run in its midst.
struct GuestMemory {
    let config: Config
    /// In bytes.
    let initramfs: UInt64

    /// What Debian's kernels take for themselves, and what they keep free (vm.min_free_kbytes):
    /// measured 60 MiB and 44 MiB with 1 GiB of memory, struct pages among them.
    private static let kernel: UInt64 = 96 << 20
    /// A thread's stack, ring and page tables.
    private static let actor: UInt64 = 256 << 10
    /// What a forked process has of its own beside its actors, generously: with one of them measured
    /// 0.2 MiB that it wrote, 1.2 MiB that it would copy if it wrote there, and 0.1 MiB of page tables.
    private static let process: UInt64 = 4 << 20
    /// How often a file's content is in memory at a quiet point: as it was at the last one, as read
    /// now, in the history that is judged, and in the two buffers by which the paths are compared.
    private static let copies: UInt64 = 5

    /// How often more where the power was cut: as read, as left, and in the history that is judged.
    private static let recovered: UInt64 = 3

    /// The kernel, and its struct pages for the pmem, 64 bytes for each 4 KiB.
    var kernel: UInt64 {
        // Where the power is cut there are two of them.
        let devices: UInt64 = config.crash.cuts > 0 ? 2 : 1
        return GuestMemory.kernel
            + (config.vm.map == .mem ? devices * config.vm.pmem.bytes / 64 : 0)
    }

    /// The logs, all of them full, and what is made of them.
    var logs: UInt64 {
        let roles = config.actors.flatMap { group in
            Array(repeating: Role(rawValue: group.role), count: Int(group.count))
        }
        return LogRoom(
            budget: config.oracle.memory.bytes, roles: roles.compactMap(\.self), file: files
        ).most
    }

    /// What the audits hold; each process but the first compares by a buffer of its own, a file at a
    /// time.
    var audits: UInt64 {
        (GuestMemory.copies + (config.crash.cuts > 0 ? GuestMemory.recovered : 0)) * files
            + (config.run.processes - 1) * config.fs.fileSize.bytes
    }

    /// What actors have of their own beside their logs.
    var actors: UInt64 {
        config.actors.reduce((config.run.processes - 1) * GuestMemory.process) { sum, group in
            let own = Role(rawValue: group.role).map(GuestMemory.own) ?? 0
            return sum + group.count * (GuestMemory.actor + group.max.bytes + own)
        }
    }

    /// What actors of a role have beside a buffer for their largest operation.
    private static func own(of role: Role) -> UInt64 {
        let page = UInt64(Page.bytes)
        // What its two files are given, and what is read of one; the pages that it may copy.
        if role == .recycler { return 3 * RecycledFile.pages * page }
        return role == .faulter ? UInt64(ActorContext.copiesLimit) * page : 0
    }

    private var files: UInt64 { config.fs.files * config.fs.fileSize.bytes }

    /// The smallest `vm.memory` that boots: the initramfs is there twice while it is unpacked, and may
    /// take no more than half of what the kernel leaves then (tmpfs(5), size).
    var booting: ByteSize { GuestMemory.whole(kernel + 3 * initramfs) }

    /// The smallest that is enough for a torture.
    var torturing: ByteSize {
        max(booting, GuestMemory.whole(kernel + initramfs + logs + audits + actors))
    }

    /// With the struct pages of that memory itself, as a size that one would write.
    private static func whole(_ bytes: UInt64) -> ByteSize {
        let unit: UInt64 = 64 << 20
        return ByteSize(bytes: (bytes / 63 * 64 + unit - 1) / unit * unit)
    }

    /// Refuses a machine that cannot unpack its initramfs.
    func checkBoot() throws(RunError) {
        guard config.vm.memory < booting else { return }
        throw .config(
            "vm.memory: \(config.vm.memory) is too little for the kernel and an initramfs of "
                + "\(mib(initramfs)); give --memory \(booting)")
    }

    /// Refuses a machine whose memory may not last for the torture.
    func check() throws(RunError) {
        guard config.vm.memory < torturing else { return }
        throw .config(
            "vm.memory: \(config.vm.memory) is too little: the kernel and the initramfs take "
                + "\(mib(kernel + initramfs)), logs and histories \(mib(logs)) (oracle.memory), "
                + "audits \(mib(audits)) (\(GuestMemory.copies) times fs.files of fs.file-size), "
                + "actors \(mib(actors)); give --memory \(torturing), or less of those")
    }

    private func mib(_ bytes: UInt64) -> String { "\((bytes + (1 << 20) - 1) >> 20)MiB" }
}
