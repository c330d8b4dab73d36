import DaxMutants
import DaxSystem
import Testing

/// The modules that Debian ships, as ci/fetch-kernel brings them; those that are not compressed.
@Suite struct ShippedModuleTests {
    struct Shipped: Sendable, CustomTestStringConvertible {
        var release: String
        var mutant: Mutant
        var path: String
        var testDescription: String { "\(mutant.name) on \(release)" }
    }

    static let all: [Shipped] = {
        var shipped: [Shipped] = []
        for release in (try? Files.names(in: kernels)) ?? [] {
            for mutant in Mutant.all {
                let path =
                    "\(kernels)/\(release)/lib/modules/\(release)/kernel/fs/\(mutant.module)/"
                    + "\(mutant.module).ko"
                if Files.exists(path) {
                    shipped.append(Shipped(release: release, mutant: mutant, path: path))
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
            if: all.contains { $0.mutant.module == "ext4" }
                && all.contains { $0.mutant.module == "xfs" },
            "no kernel with ext4 and xfs as modules in the cache; ci/fetch-kernel 6.1-generic"),
        arguments: all)
    func everyEdgeIsThereAndCut(_ shipped: Shipped) throws {
        let version = try #require(KernelVersion(release: shipped.release))
        let edges = try #require(shipped.mutant.edges(on: version))
        let module = try Files.read(shipped.path)
        let cut = try ModulePatcher.cut(edges: edges, in: module)

        // A signature of 6.1 is some hundred bytes; of the rest, a few instructions have changed.
        #expect((1...2048).contains(module.count - cut.count))
        #expect((edges.count * 5...edges.count * 60).contains(differences(module, cut)))

        for edge in [edges[0], edges[edges.count - 1]] {
            #expect {
                try ModulePatcher.cut(edges: [edge], in: cut)
            } throws: { error in
                guard case .noEdge(edge, let callers)? = error as? PatchError else { return false }
                return !callers.contains(edge.caller)
            }
        }
    }
}
