internal import DaxText

extension Config {
    /// What was resolved, in the few lines that a run prints before it starts; the seed first.
    public func summary() -> String {
        let actors = actors.filter { $0.count > 0 }.map { "\($0.count) \($0.role)" }
        return """
            seed \(run.seed?.description ?? "not drawn yet")
            \(fs.type.rawValue) \(place)
            \(fs.files) file\(fs.files == 1 ? "" : "s") of \(fs.fileSize), \
            \(actors.joined(separator: ", ")), \(run.duration) in epochs of \(run.epoch)
            """
    }

    private var place: String {
        if let mount = fs.mount { return "on \(mount)" }
        if let device = fs.device { return "made on \(device)" }
        return "in a \(vm.deterministic ? "deterministic " : "")virtual machine: "
            + "\(vm.acceleration.rawValue), \(vm.cpus) CPU\(vm.cpus == 1 ? "" : "s"), "
            + "\(vm.memory) memory, \(vm.pmem) pmem, kernel \(vm.kernel ?? "as found")"
    }

    /// The first comment line of a config's text, by which a listing calls it; nil without one.
    public static func title(of text: String) -> String? {
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
