/// Where a machine's ordinary and persistent memory lies, in bytes of physical address.
package struct MachineMemory: Equatable, Sendable {
    /// Memory below 4 GiB: a PC's hole for devices begins at 3 GiB at the latest.
    let low: Int
    /// Where the persistent memory begins: it is the end of the guest's RAM, always above 4 GiB, where
    /// neither the kernel nor the initramfs is ever put.
    package let start: Int
    package let length: Int
    /// Where another persistent memory of that length begins, if there is one, in a section of memory of its
    /// own (SECTION_SIZE_BITS); what lies between the two is nobody's.
    package let second: Int
    /// All memory of a machine that has both.
    let total: Int

    package init(memory: Int, persistentMemory: Int) {
        low = min(memory, 3 << 30)
        start = 4 << 30 + (memory - low)
        length = persistentMemory
        let section = 128 << 20
        second = (start + length + section - 1) / section * section
        total = memory + (second - start) + length
    }

    /// The kernel's words for the second persistent memory.
    var secondWords: [String] {
        let gap = second - start - length
        return (gap > 0 ? ["memmap=\(gap >> 20)M$\((start + length) >> 20)M"] : [])
            + ["memmap=\(length >> 20)M!\(second >> 20)M"]
    }

    /// The files that QEMU and the plugin within it map: all of the machine's memory, and the outbox.
    struct Files {
        var memory: String
        var outbox: String
    }

    /// QEMU's arguments for all of that memory, and for the plugin that follows it.
    ///
    /// - Parameter isSingle: one thread of QEMU's carries out all CPUs.
    func arguments(machine: String, _ files: Files, plugin: String, isSingle: Bool) -> [String] {
        [
            "-machine", machine + ",memory-backend=ram", "-m", "\(total >> 20)M",
            "-object",
            "memory-backend-file,id=ram,mem-path=\(files.memory),size=\(total),share=on",
            "-plugin",
            plugin.split(separator: ",", omittingEmptySubsequences: false).joined(separator: ",,")
                + ",memory=\(files.memory),outbox=\(files.outbox),low=\(low),start=\(start)"
                + ",length=\(length),second=\(second),single=\(isSingle ? 1 : 0)",
        ]
    }
}
