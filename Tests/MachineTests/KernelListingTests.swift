import DaxHost
import DaxSystem
import DaxText
import TestSupport
import Testing

@testable import DaxMachine

/// Kernels as they are listed, and as a tree has them.
@Suite struct KernelListingTests {
    private static let plain = """
        # a comment
        CONFIG_EXT4_FS=y
        CONFIG_XFS_FS=m
        CONFIG_FS_DAX=y
        # CONFIG_KASAN is not set
        CONFIG_FS_DAX_PMD=y
        CONFIG_TRANSPARENT_HUGEPAGE=y
        CONFIG_LOCALVERSION="-mine"

        """

    private func install(
        _ release: String, under root: String, in scratch: Scratch, config: String? = nil
    ) throws {
        try scratch.write("\(root)/boot/vmlinuz-\(release)", KernelImageTests.image(release))
        try scratch.write(
            "\(root)/lib/modules/\(release)/kernel/fs/xfs/xfs.ko",
            KernelModulesTests.module(["depends=", "vermagic=\(release) SMP"]))
        try scratch.write(
            "\(root)/lib/modules/\(release)/modules.builtin", Array("kernel/fs/ext4/ext4.ko\n".utf8)
        )
        if let config {
            try scratch.write("\(root)/boot/config-\(release)", Array(config.utf8))
        }
    }

    @Test func aConfigurationIsRead() throws {
        let config = try #require(KernelConfig(text: Self.plain))
        #expect(config["EXT4_FS"] == .builtIn && config["XFS_FS"] == .module)
        #expect(config["KASAN"] == .off && config["NOT_THERE"] == .off)
        #expect(config["LOCALVERSION"] == .value("\"-mine\""))
        #expect(KernelConfig(text: "# nothing\n") == nil)
        let scratch = try Scratch()
        try scratch.write("c", Array("nothing".utf8))
        #expect(throws: MachineError.notAConfig(path: "\(scratch.path)/c")) {
            try KernelConfig(path: "\(scratch.path)/c")
        }
    }

    @Test func listsWhatIsThereAndWhatIsOffered() throws {
        let scratch = try Scratch()
        try install("6.1.0-9-amd64", under: "", in: scratch)
        try install(
            "6.12.3+deb12-cloud-amd64", under: "cache/kernels/b", in: scratch, config: Self.plain)
        try scratch.write("cache/kernels/c/boot/vmlinuz-7", Array("no kernel".utf8))
        var listing = KernelListing(cache: "\(scratch.path)/cache", root: scratch.path)
        listing.add(
            offer: "6.12.3+deb12-cloud-amd64\tbookworm\n7.0.1-rt-amd64\ttrixie\nnonsense\n")
        #expect(
            listing.kernels.map(\.release) == [
                "6.1.0-9-amd64", "6.12.3+deb12-cloud-amd64", "7.0.1-rt-amd64",
            ])
        #expect(listing.kernels.map(\.flavour) == ["generic", "cloud", "rt"])
        #expect(listing.kernels.map(\.isDefault) == [true, false, false])
        #expect(listing.complaints.count == 1 && listing.complaints[0].contains("vmlinuz-7"))
        // Of the first its modules tell a part.
        let lines = listing.text.split(separator: "\n").map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(
            lines == [
                "release flavour where ext4 xfs DAX PMD KPROBES KASAN LOCKDEP",
                "6.1.0-9-amd64 * generic installed built in module - - - - -",
                "6.12.3+deb12-cloud-amd64 cloud cached built in module yes yes no no no",
                "7.0.1-rt-amd64 rt offered by trixie - - - - - - -",
                "* is booted where none is named",
            ])
        let json = listing.json["kernels"]?.values ?? []
        #expect(json.map { $0["state"] } == ["installed", "cached", "offered"].map { .string($0) })
        #expect(json[1]["pmd"] == .bool(true) && json[2]["pmd"] == .null)
    }

    @Test func withoutAnyItSaysWhereTheyComeFrom() throws {
        let listing = KernelListing(cache: "/nonexistent", root: "/nonexistent")
        #expect(listing.text == "no kernel: daxtorture fetch brings one\n")
    }

    /// modules.order as kernels of three ages have it.
    @Test(arguments: ["kernel/fs/xfs/xfs.ko", "fs/xfs/xfs.ko", "fs/xfs/xfs.o"])
    func aTreeIsTakenAsItStands(_ line: String) throws {
        let (scratch, release) = (try Scratch(), "6.12.0-mine")
        try scratch.write("arch/x86/boot/bzImage", KernelImageTests.image(release))
        try scratch.write(".config", Array(Self.plain.utf8))
        try scratch.write("modules.order", Array("\(line)\nfs/not/built.o\n".utf8))
        try scratch.write("modules.builtin", Array("kernel/drivers/nvdimm/libnvdimm.ko\n".utf8))
        for (name, info) in [("fs/xfs/xfs.ko", "depends="), ("tools/other/xfs.ko", "depends=gone")]
        {
            try scratch.write(
                name, KernelModulesTests.module([info, "vermagic=\(release) SMP"]))
        }
        let kernel = try InstalledKernel(kernel: scratch.path, modules: nil)
        #expect(kernel.image.release == release && kernel.modules == scratch.path)
        #expect(kernel.image.path == "\(scratch.path)/arch/x86/boot/bzImage")
        let order = try KernelModules(directory: scratch.path).order(
            needed: ["libnvdimm", "xfs"], optional: [], release: release)
        #expect(order.map(\.path) == ["\(scratch.path)/fs/xfs/xfs.ko"])
        #expect(kernel.features?.ext4 == .builtIn && kernel.features?.pmd == true)
    }

    @Test func aTreeWithoutModulesHasAllBuiltIn() throws {
        let scratch = try Scratch()
        try scratch.write("arch/x86/boot/bzImage", KernelImageTests.image("6.12.0-mine"))
        #expect(try InstalledKernel(kernel: scratch.path, modules: nil).modules == nil)
        #expect(try InstalledKernel(kernel: scratch.path, modules: "/m").modules == "/m")
    }

    @Test func aDirectoryOfTheCacheIsTakenToo() throws {
        let scratch = try Scratch()
        try install("6.1.0-9-amd64", under: "one", in: scratch)
        let kernel = try InstalledKernel(kernel: "\(scratch.path)/one", modules: nil)
        #expect(kernel.modules == "\(scratch.path)/one/lib/modules/6.1.0-9-amd64")
        try install("6.1.0-10-amd64", under: "one", in: scratch)
        let two = #expect(throws: MachineError.self) {
            try InstalledKernel(kernel: "\(scratch.path)/one", modules: nil)
        }
        #expect(two?.description.contains("it has 2 kernels") == true)
        let none = #expect(throws: MachineError.self) {
            try InstalledKernel(kernel: "/proc", modules: nil)
        }
        #expect(none?.description.contains("neither arch/x86/boot/bzImage") == true)
        #expect(none?.exitStatus == .untested)
    }

    /// docs/kernels.md has the fragment that the program compares with.
    @Test func theFragmentIsInTheDocs() throws {
        let file = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let docs = try Files.text("/\(file)/docs/kernels.md")
        let lines = docs.split(separator: "\n").filter { $0.hasPrefix("CONFIG_") }.map(String.init)
        #expect(lines == KernelNeed.all.map(\.line))
        for need in KernelNeed.all {
            let mark = need.weight == .wanted ? "wanted: " : ""
            #expect(docs.contains("# \(mark)\(need.purpose)\n"), "\(need.option)")
        }
        // It satisfies itself.
        let config = try #require(KernelConfig(text: lines.joined(separator: "\n")))
        #expect(KernelNeed.all.allSatisfy { $0.complaint(of: config) == nil })
    }
}
