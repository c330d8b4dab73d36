import DaxConfig
import DaxReport
import DaxSystem
import DaxText
import TestSupport
import Testing

@testable import DaxMachine
@testable import DaxTorture

/// What is chosen for a machine before it is booted.
@Suite(.enabled(if: TestBench.canBoot, "no QEMU or no kernel here: ci/test brings both"))
struct MachineSessionTests {
    private func session(_ text: String, _ settings: [String] = []) throws -> MachineSession {
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(text, name: "t.toml")
        for setting in settings { try resolver.set(setting) }
        return try MachineSession(resolver.resolved { Seed(1) }, cache: Host.cache)
    }

    /// Nothing is left to be found another time, and the guest does not see the difference.
    @Test func theResolvedConfigAloneChoosesTheSame() throws {
        for deterministic in [true, false] {
            let first = try session(
                "format = 1",
                ["run.seed=7", "vm.deterministic=\(deterministic)", "vm.accel=auto"])
            let vm = first.config.vm
            for path in [vm.kernel, vm.modules, vm.qemu] {
                #expect(path?.hasPrefix("/") == true && Files.exists(path!))
            }
            #expect(vm.acceleration.rawValue == first.machine.acceleration.rawValue)
            let again = try session(first.config.config.text(schema: .daxtorture))
            #expect(again.config == first.config)
            #expect(again.machine.qemu.path == vm.qemu && again.machine.kernel.path == vm.kernel)
            // With its firmware and libraries, if it is not installed.
            let (one, other) = (first.machine.qemu, again.machine.qemu)
            #expect(one.dataArguments.count == other.dataArguments.count)
            #expect(one.environment.count == other.environment.count)
            #expect(again.machine.seed == first.machine.seed)
            #expect(again.initramfs.modules == first.initramfs.modules)
            #expect(again.guestConfig == first.guestConfig)
            // A host's paths would make another machine of the same kernel elsewhere.
            let seen = String(decoding: first.guestConfig, as: UTF8.self)
            #expect(!seen.contains(vm.kernel!) && !seen.contains(vm.qemu!))
        }
    }

    @Test func theInterleavingMayHaveASeedOfItsOwn() throws {
        let settings = ["run.seed=7", "vm.deterministic=true"]
        let same = try session("format = 1", settings)
        let other = try session("format = 1", settings + ["vm.seed=8"])
        #expect(same.machine.seed == 7 && other.machine.seed == 8)
        // What the actors do is as it was.
        #expect(same.guestConfig == other.guestConfig)
    }
}
