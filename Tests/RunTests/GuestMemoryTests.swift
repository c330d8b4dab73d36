import DaxConfig
import DaxHost
import DaxSystem
import DaxText
import Testing

@testable import DaxTorture

/// What does not fit into the machine is refused before it is booted.
@Suite struct GuestMemoryTests {
    /// Twice what a debug build with its shared libraries takes.
    private let initramfs: UInt64 = 83 << 20

    private func refusal(_ settings: String...) throws -> String? {
        var resolver = Resolver(schema: .daxtorture)
        for setting in settings { try resolver.set(setting) }
        let config = try resolver.resolved()
        do {
            try GuestMemory(config: config, initramfs: initramfs).check()
            return nil
        } catch { return error.exitStatus == .usage ? "\(error)" : "another exit status" }
    }

    /// The size that a refusal names.
    private func size(in refusal: String?) -> Substring? {
        refusal?.split(separator: " ").drop { $0 != "--memory" }.dropFirst().first?
            .prefix { $0 != "," }
    }

    @Test func theDefaultFits() throws { #expect(try refusal() == nil) }

    @Test func everyShippedConfigFits() throws {
        for directory in ["configs", "configs/bugs"] {
            let place = "\(Host.repository)/\(directory)"
            for name in try Files.names(in: place) where name.hasSuffix(".toml") {
                var resolver = Resolver(schema: .daxtorture)
                try resolver.read(Files.read("\(place)/\(name)"), name: name)
                try GuestMemory(config: resolver.resolved(), initramfs: initramfs).check()
            }
        }
    }

    /// The kernel killed each of these in its midst, or could not unpack the initramfs.
    @Test(arguments: [
        ["fs.files=8"], ["fs.files=16"], ["vm.memory=256MiB"],
        ["vm.memory=256MiB", "oracle.memory=64MiB"],
    ])
    func whatTheKernelKilledIsRefused(_ settings: [String]) throws {
        func refusal(_ more: String...) throws -> String? {
            var resolver = Resolver(schema: .daxtorture)
            for setting in settings + more { try resolver.set(setting) }
            do {
                try GuestMemory(config: resolver.resolved(), initramfs: initramfs).check()
                return nil
            } catch let error as RunError { return "\(error)" }
        }
        let told = try refusal()
        #expect(told?.hasPrefix("vm.memory: ") == true)
        // And what it names is enough.
        let enough = try #require(size(in: told))
        #expect(try refusal("vm.memory=\(enough)") == nil)
    }

    @Test func lessOfEverythingMends() throws {
        #expect(
            try refusal(
                "fs.files=8", "fs.file-size=4MiB", "vm.memory=512MiB", "oracle.memory=64MiB")
                == nil)
    }

    @Test func aFileCanBeOpenedByEveryActor() {
        OpenFileLimit.raise()
        #expect(OpenFileLimit.now >= 4096)
    }
}
