internal import DaxHost
internal import DaxSystem

extension KernelImage {
    /// The kernel proper, an ELF file that QEMU starts at once; nil where the image has none that it
    /// could start.
    ///
    /// A bzImage unpacks itself, and where instructions are emulated that takes longer than all the
    /// rest of the boot: 10 s of 20 for 8 MiB of xz. The same bytes run afterwards. QEMU enters them by
    /// the PVH protocol, for which a note names the address (include/xen/interface/elfnote.h).
    func unpacked() throws(MachineError) -> [UInt8]? {
        let image = try onHost { () throws(SystemError) in try Files.read(path) }
        guard let payload = KernelImage.payload(of: image) else { return nil }
        // Without the tool another machine would do what this one does, only later: a seed would not
        // mean the same on both.
        guard let program = ChildProcess.find(payload.tool) else {
            throw .missingProgram(payload.tool, reason: "it is needed to unpack \(path)")
        }
        let run = try onHost { () throws(SystemError) in
            let packed = try HostFile.memory("packed kernel")
            try packed.write(Array(image[payload.bytes]).span)
            // -f: zstd reads no link without, and the path of a descriptor is one.
            return try ChildProcess.run(
                [program, "-dcf", packed.inheritedPath], inherited: [packed.descriptor], seconds: 60
            )
        }
        // The kernel, which does the same at its start, could not either.
        guard run.exit == .exited(0) else {
            throw .notAKernel(
                path: path, reason: "it is damaged: \(payload.tool) cannot unpack what is in it")
        }
        guard let elf = ELF(run.output), elf.note("Xen", 18) != nil else { return nil }
        return run.output
    }

    /// Where the packed kernel is in an image, and what unpacks it (boot.rst: setup_sects at 0x1f1, the
    /// protocol's version at 0x206, payload_offset and payload_length at 0x248).
    static func payload(of image: [UInt8]) -> (tool: String, bytes: Range<Int>)? {
        func number(_ at: Int, _ count: Int) -> Int { KernelImage.number(image, at, count) }
        guard image.count > 0x250, number(0x206, 2) >= 0x208 else { return nil }
        let sectors = number(0x1f1, 1)
        let start = ((sectors == 0 ? 4 : sectors) + 1) * 512 + number(0x248, 4)
        // The last four bytes say how much it will be; no tool knows them.
        let end = start + number(0x24c, 4) - 4
        guard start < end, end <= image.count else { return nil }
        let bytes = start..<end
        let tool = tools.first { image[bytes].starts(with: $0.magic) }?.tool
        return tool.map { ($0, bytes) }
    }

    /// The program that unpacks it; nil where none of those that are known does.
    fileprivate var unpacker: String? {
        guard let image = try? Files.read(path) else { return nil }
        return KernelImage.payload(of: image)?.tool
    }

    private static let tools: [(magic: [UInt8], tool: String)] = [
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], "xz"), ([0x28, 0xb5, 0x2f, 0xfd], "zstd"),
        ([0x02, 0x21, 0x4c, 0x18], "lz4"),
    ]
}

extension InstalledKernel {
    /// The programs that are needed to unpack the kernel and its modules.
    package var unpackers: [String] {
        var tools = image.unpacker.map { [$0] } ?? []
        guard let modules, let known = try? KernelModules(directory: modules) else { return tools }
        for (ending, tool) in KernelModule.unpackers
        where known.hasFile(endingIn: ending) && !tools.contains(tool) {
            tools.append(tool)
        }
        return tools
    }
}
