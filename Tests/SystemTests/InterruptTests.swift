import Testing

@testable import DaxHost
@testable import DaxSystem

@Suite struct InterruptTests {
    private func interrupt(_ interrupts: Int, _ terminations: Int, _ hangups: Int) -> Interrupt? {
        Interrupt(interrupts: interrupts, terminations: terminations, hangups: hangups)
    }

    @Test func noSignalIsNone() {
        #expect(interrupt(0, 0, 0) == nil)
    }

    @Test func oneCtrlCIsToldFromAnyOtherEnd() {
        #expect(interrupt(1, 0, 0)?.isOneCtrlC == true)
        for (interrupts, terminations, hangups) in [(2, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)] {
            #expect(interrupt(interrupts, terminations, hangups)?.isOneCtrlC == false)
        }
    }

    @Test func namesWhatIsNoUsersKey() {
        #expect(interrupt(3, 1, 1) == Interrupt(signal: "SIGTERM", times: 5))
        #expect(interrupt(3, 0, 1) == Interrupt(signal: "SIGHUP", times: 4))
        #expect(interrupt(3, 0, 0) == Interrupt(signal: "SIGINT", times: 3))
    }
}
