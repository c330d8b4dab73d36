import DaxConfig
import DaxOperations
import DaxText

extension Reproducer {
    /// The comment that the program begins with: what it shows, and what it needs for that.
    var head: String {
        var lines: [String] = []
        func add(_ text: String) {
            if !lines.isEmpty && !text.hasPrefix("Affected: ") { lines.append("") }
            lines += wrapped(text)
        }
        for paragraph in comment.isEmpty ? ["What these steps come to on DAX."] : comment {
            add(paragraph)
        }
        let seen = [("Shown by", Promise.Shown.broken), ("Not by", .sound)].compactMap {
            verb, shown in
            let kernels = promises.filter { $0.shows == shown }.map(kernel)
            return kernels.isEmpty ? nil : "\(verb) \(kernels.joined(separator: ", "))."
        }
        if !seen.isEmpty { add(seen.joined(separator: " ")) }
        add("Needs a filesystem on persistent memory (memmap=1G!4G will do); as root:")
        lines += preparation.map { "  \($0)" }
        add("To compile and run it:")
        let hasThreads =
            !isSequence || orders.contains { $0.verb.holdsCopy || $0.verb == .privatePin }
        let threads = hasThreads ? "-pthread " : ""
        lines.append("  cc -O2 \(threads)-o \(name) \(name).c && ./\(name) DIR")
        add(
            "Exit status: 0 not shown, 1 shown, 2 could not run. What is read is judged: see "
                + (isSequence ? "want[]" : "explained()")
                + (judgesWriteback ? ", and what is written back: see must_be_clean()." : "."))
        if !idle.isEmpty {
            add(
                "Left out are the steps on \(idle.map { "f\($0)" }.joined(separator: ", ")), which "
                    + "nothing changes.")
        }
        if orders.contains(where: { $0.verb == .write || $0.verb == .read }) {
            add("What was read and written by io_uring is by pread(2) and pwrite(2) here.")
        }
        return "/*\n" + lines.map { $0.isEmpty ? " *\n" : " * \($0)\n" }.joined() + " */"
    }

    private func wrapped(_ text: String) -> [String] {
        Layout.wrapped(text, first: "", rest: "", width: 77).split(separator: "\n").map(String.init)
    }

    private func kernel(_ promise: Promise) -> String {
        let system = promise.fs == .ext4 ? "ext4" : "xfs"
        let broken = promise.mutant.map { " with its module broken on purpose (\($0))" } ?? ""
        return "\(system) of Debian's \(promise.kernel ?? "")\(broken)"
    }

    /// What has to be done before it, as commands.
    var preparation: [String] {
        let fs = config.fs
        // What is free holds something else than zeroes then, and mkfs leaves it so.
        var lines = ["tr '\\0' x < /dev/zero | dd of=DEV bs=1M"]
        switch fs.type {
        case .ext4:
            lines.append(
                (["mkfs.ext4 -b 4096 -E stride=512,stripe_width=512,nodiscard"]
                    + fs.mkfsOptions.arguments + ["DEV"]).joined(separator: " "))
        case .xfs: lines.append("mkfs.xfs -f -K \(xfsOptions) DEV")
        }
        let options = ["dax=\(fs.dax.rawValue)"] + fs.mountOptions
        lines.append("mount -o \(options.joined(separator: ",")) DEV DIR")
        if fs.dax == .inode { lines.append("xfs_io -c 'chattr +x' DIR") }
        if fs.type == .ext4 && !fs.zeroout {
            lines.append("echo 0 > /sys/fs/ext4/DEV/extent_max_zeroout_kb")
        }
        if let free = fs.free {
            lines.append("fill it, but for \(free) beside files of \(fs.fileSize)")
        }
        return lines
    }

    /// What mkfs.xfs is told beside the device.
    var xfsOptions: String {
        var options = MkfsOptions()
        options.add("m", ["reflink=\(config.fs.reflink ? 1 : 0)"])
        if config.fs.exchange { options.add("i", ["exchange=1"]) }
        options.add("d", ["su=2m", "sw=1", "extszinherit=512"])
        for option in config.fs.mkfsOptions.options { options.add(option.letter, option.values) }
        return options.arguments.joined(separator: " ")
    }
}
