import DaxHost
import DaxModel
import DaxMutants
import DaxSystem
import Testing

/// The modules that Debian ships, as ci/fetch-kernel brings them: those of every kernel in the cache.
@Suite struct ShippedModuleTests {
    struct Shipped: Sendable, CustomTestStringConvertible {
        var release: String
        var module: String
        var path: String
        var testDescription: String { "\(module) of \(release)" }

        /// The file, unpacked.
        func image() throws -> [UInt8] {
            guard path.hasSuffix(".xz") else { return try Files.read(path) }
            let xz = try #require(ChildProcess.find("xz"))
            return try ChildProcess.run([xz, "-dc", path], seconds: 60).output
        }

        /// The edges of all mutants that can be made of it, each once.
        var edges: [Edge] {
            guard let version = KernelVersion(release: release) else { return [] }
            let mutants = Mutant.all.filter { $0.module == module }
            return Set(mutants.flatMap { $0.edges(on: version) ?? [] }).sorted {
                $0.description < $1.description
            }
        }
    }

    static let all: [Shipped] = {
        var shipped: [Shipped] = []
        for release in (try? Files.names(in: kernels)) ?? [] where release != "default" {
            for module in ["ext4", "xfs"] {
                let path =
                    "\(kernels)/\(release)/lib/modules/\(release)/kernel/fs/\(module)/\(module)"
                for file in ["\(path).ko", "\(path).ko.xz"] where Files.exists(file) {
                    shipped.append(Shipped(release: release, module: module, path: file))
                }
            }
        }
        return shipped
    }()

    /// Where ci/fetch-kernel puts them.
    private static let kernels =
        (Files.environment("XDG_CACHE_HOME")
            ?? (Files.environment("HOME") ?? "") + "/.cache") + "/daxtorture/kernels"

    /// In how many bytes `b` differs from the start of `a`.
    private func differences(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var count = 0
        // Whole pages first: byte by byte, a debug build takes seconds.
        for start in stride(from: 0, to: b.count, by: 4096) {
            let page = start..<min(start + 4096, b.count)
            guard a[page] != b[page] else { continue }
            for index in page where a[index] != b[index] { count += 1 }
        }
        return count
    }

    @Test(
        .enabled(
            if: Set(all.map(\.module)).count == 2,
            "no kernel with ext4 and xfs as modules in the cache; ci/fetch-kernel 6.1-generic"),
        arguments: all)
    func everyEdgeIsThereAndCut(_ shipped: Shipped) throws {
        // All of them at once: a debug build takes a second to read a module.
        let module = try shipped.image()
        let edges = shipped.edges
        try #require(edges.count > 10)
        let cut = try ModulePatcher.cut(edges: edges, in: module)

        // A signature is some hundred bytes; of the rest, a few instructions have changed, and the
        // low byte of each one's relocation type.
        #expect((0...2048).contains(module.count - cut.count))
        #expect((edges.count * 3...edges.count * 120).contains(differences(module, cut)))

        let whole = edges.filter { $0.places == nil }
        for edge in [whole[0], whole[whole.count - 1]] {
            #expect {
                try ModulePatcher.cut(edges: [edge], in: cut)
            } throws: { error in
                guard case .noEdge(edge, let callers)? = error as? PatchError else { return false }
                return !callers.contains(edge.caller)
            }
        }
    }
}
