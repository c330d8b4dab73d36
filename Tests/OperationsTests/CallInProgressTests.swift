import DaxModel
import DaxSystem
import TestSupport
import Testing

@testable import DaxOperations

/// What an actor is in can be seen from outside, for as long as it is in it.
@Suite struct CallInProgressTests {
    private let progress = ProgressCounter()

    @Test func everyKindComesBackAsItWasAnnounced() {
        for kind in OperationKind.allCases {
            for path in AccessPath.allCases {
                let call = CallInProgress(
                    kind: kind, path: path, file: 3, offset: 1 << 40, length: 7, more: 5)
                call.announce(to: progress)
                #expect(CallInProgress(of: progress) == call)
            }
        }
        progress.withdraw()
        #expect(CallInProgress(of: progress) == nil)
    }

    @Test func aCallIsAnnouncedWhileItRunsAndNoLonger() throws {
        let lone = try LoneContext("call", progress: progress)
        let (context, progress) = (lone.context, progress)
        var during: CallInProgress?
        let file = context.files[0]
        context.call(.punch, .syscall, file, offset: 4096, length: 512) { () throws(SystemError) in
            during = CallInProgress(of: progress)
        }
        #expect(
            during
                == CallInProgress(kind: .punch, path: .syscall, file: 0, offset: 4096, length: 512))
        #expect(CallInProgress(of: progress) == nil)
        context.call(.create, .syscall, nil, offset: 0, length: 8) { () throws(SystemError) in
            during = CallInProgress(of: progress)
        }
        #expect(during?.kind == .create && during?.file == Record.noFile)
        // Whatever an actor does, it is out of it when it is logged.
        context.store(file, word: 0, count: 8)
        context.load(file, word: 0, count: 8)
        context.extents(file, [.fsync], linked: false)
        #expect(CallInProgress(of: progress) == nil)
    }
}
