internal import DaxSystem

/// The modules that a kernel must have built in, since it was given without any: what the guest looks
/// for, so that a machine without them is told by their names.
struct BuiltInModules {
    /// Where the guest finds their names, a line each; absent where modules came with the kernel.
    static let path = "/modules/built-in"

    /// The modules' names, in the order in which they would be loaded.
    let names: [String]
    private let root: String

    /// What the machine under `root` was told of; that root is not empty in tests alone.
    init(root: String = "") {
        self.root = root
        let text = (try? Files.text(root + BuiltInModules.path)) ?? ""
        names = text.split(separator: "\n").map(String.init)
    }

    /// The modules of which the running kernel shows nothing.
    var missing: [String] { names.filter { !isThere($0) } }

    /// What to do about missing modules; nil if none is missing.
    var complaint: String? {
        let missing = missing
        if missing.isEmpty { return nil }
        return
            "the kernel came without --modules, and has no \(missing.joined(separator: ", ")) built in: "
            + "give the one or the other"
    }

    /// A driver shows itself as a directory of its bus, a filesystem in /proc/filesystems.
    private func isThere(_ name: String) -> Bool {
        let bus = "\(root)/sys/bus"
        switch name {
        case "libnvdimm": return Files.exists("\(bus)/nd")
        case "nd_pmem": return Files.exists("\(bus)/nd/drivers/nd_pmem")
        case "nd_e820": return Files.exists("\(bus)/platform/drivers/e820_pmem")
        // Its driver's bus is not the same in every kernel: what it finds is.
        case "nfit": return Files.exists("\(bus)/nd/devices/region0")
        case "virtio_pci": return Files.exists("\(bus)/pci/drivers/virtio-pci")
        case "virtio_pmem": return Files.exists("\(bus)/virtio/drivers/virtio_pmem")
        default:
            let known = (try? Files.text("\(root)/proc/filesystems")) ?? ""
            return known.split(separator: "\n").contains { $0.hasSuffix("\t\(name)") }
        }
    }
}
