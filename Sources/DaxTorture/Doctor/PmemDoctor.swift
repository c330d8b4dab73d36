package import DaxDevices
import DaxSystem
import DaxText

/// Which persistent memory of this host's own a run could be on. A machine emulates its own.
package struct PmemDoctor {
    let roots: Roots

    package init(roots: Roots = Roots()) { self.roots = roots }

    package var diagnoses: [Diagnosis] { [library, devices] + reserved }

    private var library: Diagnosis {
        if let complaint = PMem2Library.complaint() {
            return .broken(
                "libpmem2", complaint, mend: "sudo apt-get install --reinstall libpmem2-1")
        }
        return .ok("libpmem2", "answers for a file")
    }

    private var devices: Diagnosis {
        let names = ((try? Files.names(in: "\(roots.sys)/block")) ?? []).filter {
            $0.hasPrefix("pmem")
        }
        if !names.isEmpty {
            return .ok("pmem", names.joined(separator: ", ") + " (daxtorture devices says more)")
        }
        if !Memmap.all(roots).isEmpty {
            return .missing(
                "pmem", "memmap= sets memory apart, and no driver has made a device of it",
                mend: "sudo modprobe nd_e820 && sudo modprobe nd_pmem")
        }
        return .missing(
            "pmem", "no device: nothing can be run on this host itself",
            mend: "none is needed for a machine; else boot with memmap=1G!4G, memory permitting")
    }

    /// What the kernel made of memmap= on its command line.
    private var reserved: [Diagnosis] {
        let asked = Memmap.all(roots)
        if asked.isEmpty { return [] }
        let got = Memmap.fragments(roots)
        if let bad = asked.first(where: { $0.reachesTheHole }) {
            return [
                .broken(
                    "memmap",
                    "memmap=\(bad) begins below 4 GiB, where the addresses of devices and of the "
                        + "firmware lie in between"
                        + (got.count > asked.count ? ": \(got.count) fragments came of it" : ""),
                    mend:
                        "boot with memmap=\(ByteSize(bytes: bad.size))!4G, or higher, as memory goes"
                )
            ]
        }
        if got.count > asked.count {
            return [
                .broken(
                    "memmap", "\(asked.count) asked for, \(got.count) fragments came of it",
                    mend:
                        "boot with memmap=SIZE!START in one piece of System RAM (sudo cat /proc/iomem)"
                )
            ]
        }
        return [.ok("memmap", asked.map(\.description).joined(separator: ", "))]
    }
}

/// One `memmap=SIZE!START` of the kernel's command line: ordinary memory that is to be taken for pmem.
struct Memmap: Equatable, CustomStringConvertible {
    var size: UInt64
    var start: UInt64

    var description: String { "\(ByteSize(bytes: size))!\(ByteSize(bytes: start))" }

    /// Whether it begins below the fourth GiB's end, and may so reach what is no memory there.
    var reachesTheHole: Bool { start < 4 << 30 && start + size > 3 << 30 }

    /// Those of the running kernel.
    static func all(_ roots: Roots) -> [Memmap] {
        let words = ((try? Files.text("\(roots.proc)/cmdline")) ?? "").split {
            $0 == " " || $0 == "\n"
        }
        return words.filter { $0.hasPrefix("memmap=") }.flatMap { word in
            word.dropFirst("memmap=".count).split(separator: ",").compactMap { Memmap($0) }
        }
    }

    /// `SIZE!START`, each a number with K, M, G or T; nil for what else memmap= takes.
    init?(_ text: Substring) {
        let parts = text.split(separator: "!", omittingEmptySubsequences: false)
        guard parts.count == 2, let size = Memmap.number(parts[0]),
            let start = Memmap.number(parts[1])
        else { return nil }
        (self.size, self.start) = (size, start)
    }

    private static func number(_ text: Substring) -> UInt64? {
        if text.hasPrefix("0x") { return UInt64(text.dropFirst(2), radix: 16) }
        return ByteSize(text.uppercased())?.bytes
    }

    /// What the kernel has of such memory, by its addresses (/proc/iomem); those are zeros to an ordinary
    /// user, and their number is not.
    static func fragments(_ roots: Roots) -> [Substring] {
        let lines = ((try? Files.text("\(roots.proc)/iomem")) ?? "").split(separator: "\n")
        return lines.filter { $0.hasSuffix(": Persistent Memory (legacy)") }
    }
}
