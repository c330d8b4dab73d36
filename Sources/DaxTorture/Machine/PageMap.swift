package import DaxSystem

extension Guest {
    /// Gives the persistent memory struct pages, without which there is no DAX: what
    /// `ndctl create-namespace --mode=fsdax` does, by the same files of sysfs.
    ///
    /// The namespace is taken from nd_pmem, given to the region's seed of a "pfn" device, and this
    /// device is given to nd_pmem, which writes its superblock and is `/dev/pmem0` from then on:
    /// smaller by 2 MiB for that, and, with the pages `onDevice`, by 64 bytes for each page.
    package func makePages(onDevice: Bool) throws(SystemError) {
        let bus = "/sys/bus/nd/devices"
        let names = try Files.names(in: bus)
        guard let namespace = names.first(where: { $0.hasPrefix("namespace") }),
            let region = names.first(where: { $0.hasPrefix("region") })
        else { throw SystemError("find", code: SystemError.noSuchDevice, target: "a namespace") }
        let seed = try Files.text("\(bus)/\(region)/pfn_seed").filter { $0 != "\n" }
        guard seed.hasPrefix("pfn") else {
            throw SystemError(
                "find", code: SystemError.noSuchDevice, target: "\(region)'s pfn_seed")
        }
        try Guest.write(namespace, to: "/sys/bus/nd/drivers/nd_pmem/unbind")
        for (attribute, value) in [
            ("mode", onDevice ? "pmem" : "ram"), ("align", "\(2 << 20)"),
            ("uuid", Guest.pageMapUUID),
            ("namespace", namespace),
        ] {
            try Guest.write(value, to: "\(bus)/\(seed)/\(attribute)")
        }
        try Guest.write(seed, to: "/sys/bus/nd/drivers/nd_pmem/bind")
        try Guest.wait(for: device)
        // The proof: what the block device belongs to now.
        let owner = try Files.canonical("/sys/block/pmem0/device")
        guard owner.hasSuffix("/\(seed)") else {
            throw SystemError("bind", code: SystemError.noSuchDevice, target: "\(seed) (\(owner))")
        }
    }

    /// Any will do: there is one such device in the machine.
    private static let pageMapUUID = "64617874-6f72-4475-b265-6d6170646576"

    private static func write(_ text: String, to path: String) throws(SystemError) {
        try Files.write(Array("\(text)\n".utf8), to: path)
    }
}
