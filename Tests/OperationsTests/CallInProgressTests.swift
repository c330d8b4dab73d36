import DaxModel
import DaxSystem
import TestSupport
import Testing

@testable import DaxOperations

/// What an actor is in can be seen from outside, for as long as it is in it.
@Suite struct CallInProgressTests {
    private let pulse = Pulse()

    @Test func everyKindComesBackAsItWasAnnounced() {
        for kind in OperationKind.allCases {
            for path in AccessPath.allCases {
                let call = CallInProgress(
                    kind: kind, path: path, file: 3, offset: 1 << 40, length: 7, more: 5)
                call.announce(to: pulse)
                #expect(CallInProgress(of: pulse) == call)
            }
        }
        pulse.withdraw()
        #expect(CallInProgress(of: pulse) == nil)
    }

    @Test func aCallIsAnnouncedWhileItRunsAndNoLonger() throws {
        let lone = try LoneHand("call", pulse: pulse)
        let (hand, pulse) = (lone.hand, pulse)
        var during: CallInProgress?
        let file = hand.files[0]
        hand.call(.punch, .syscall, file, offset: 4096, length: 512) { () throws(SystemError) in
            during = CallInProgress(of: pulse)
        }
        #expect(
            during
                == CallInProgress(kind: .punch, path: .syscall, file: 0, offset: 4096, length: 512))
        #expect(CallInProgress(of: pulse) == nil)
        hand.call(.create, .syscall, nil, offset: 0, length: 8) { () throws(SystemError) in
            during = CallInProgress(of: pulse)
        }
        #expect(during?.kind == .create && during?.file == Record.noFile)
        // Whatever an actor does, it is out of it when it is logged.
        hand.store(file, word: 0, count: 8)
        hand.load(file, word: 0, count: 8)
        hand.extents(file, [.fsync], linked: false)
        #expect(CallInProgress(of: pulse) == nil)
    }
}
