import Testing

@testable import DaxMachine

/// What a kernel that checks itself is given more time for.
@Suite struct SlowKernelTests {
    @Test func aSlowBootAllowsMoreTime() {
        let limits = MachineLimits(run: 900)
        let ordinary = limits.after(boot: 20)
        #expect(ordinary.silence == limits.silence && ordinary.run == 900)
        let slow = limits.after(boot: 90)
        #expect(slow.silence == 360 && slow.run == 2700 && slow.boot == limits.boot)
    }

    @Test(arguments: [
        ("CONFIG_KASAN=y", true), ("CONFIG_LOCKDEP=y", true), ("CONFIG_SMP=y", false),
    ])
    func whatChecksItselfIsSlow(_ line: String, _ isSlow: Bool) throws {
        #expect(KernelFeatures(try #require(KernelConfig(text: line))).isSlow == isSlow)
    }
}
