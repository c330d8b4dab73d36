internal import DaxText

extension Config {
    /// What was resolved, in the few lines that a run prints before it starts; the seed first.
    package func summary() -> String {
        let actors = actors.filter { $0.count > 0 }.map { "\($0.count) \($0.role)" }
        let mode =
            switch fs.dax {
            case .always: ""
            case .inode: " by inode flag"
            case .never: " without DAX"
            }
        return """
            seed \(run.seed?.description ?? "not drawn yet")\(interleaving)
            \(fs.type.rawValue)\(mode) \(place)
            \(fs.files) file\(fs.files == 1 ? "" : "s") of \(fs.fileSize), \
            \(actors.joined(separator: ", ")), \(run.duration) in epochs of \(run.epoch)
            """
    }

    /// The seed of the interleaving, where it is another.
    private var interleaving: String {
        guard let seed = vm.seed, seed != run.seed else { return "" }
        return ", interleaving from \(seed)"
    }

    private var place: String {
        if let mount = fs.mount { return "on \(mount)" }
        if let device = fs.device { return "made on \(device)" }
        return "in a \(vm.deterministic ? "deterministic " : "")virtual machine: "
            + "\(vm.acceleration.rawValue), \(vm.cpus) CPU\(vm.cpus == 1 ? "" : "s"), "
            + "\(vm.memory) memory, \(vm.pmem) pmem\(device), kernel \(vm.kernel ?? "as found")"
    }

    /// How the pmem differs from what it mostly is.
    private var device: String {
        (vm.device == .nvdimm ? " in an NVDIMM" : vm.device == .virtio ? " of virtio" : "")
            + (vm.map == .dev ? " with its struct pages" : "")
    }

    /// The first comment line of a config's text, by which a listing calls it; nil without one.
    package static func title(of text: String) -> String? {
        for line in text.split(separator: "\n") {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.isEmpty { continue }
            guard line.hasPrefix("#") else { return nil }
            let title = line.drop { $0 == "#" || $0 == " " }
            if !title.isEmpty { return String(title) }
        }
        return nil
    }
}
