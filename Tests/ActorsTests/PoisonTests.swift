import DaxModel
import Glibc
import TestSupport
import Testing

@testable import DaxActors
@testable import DaxOperations
@testable import DaxSystem

/// What is demanded where memory fails. Real failures need a virtual machine: RunTests.
@Suite struct PoisonTests {
    private let lone: LoneContext
    private let trials: PoisonTrials
    private var context: ActorContext { lone.context }
    private var own: PoisonedFile { trials.own }

    init() throws {
        lone = try LoneContext("poison")
        trials = try PoisonTrials(lone.context)
    }

    private static let (action, optional) = (Int32(BUS_MCEERR_AR), Int32(BUS_MCEERR_AO))

    private func fault(
        _ code: Int32 = PoisonTests.action, word: Int = 3 * 512, bits: Int = 12,
        signal: Int32 = SIGBUS
    ) -> Fault {
        Fault(signal: signal, code: code, word: word, addressBits: bits)
    }

    // MARK: the signal of a failure

    @Test func theRightSignalIsRight() {
        for (fault, mapped) in [
            (fault(), .pte), (fault(PoisonTests.optional), .pte), (fault(bits: 21), .pmd),
            (fault(), .none), (fault(bits: 21), .none),
        ] as [(Fault, FaultSize)] {
            let failure = MemoryFailure(fault: fault, count: 1)
            #expect(FailureVerdict.wrong(failure, page: 3, mapped: mapped) == nil)
        }
    }

    @Test func everyWrongSignalIsSeen() {
        let wrong: [(Fault, FaultSize)] = [
            (fault(Int32(BUS_ADRERR)), .pte), (fault(signal: SIGSEGV), .pte),
            (fault(word: 2 * 512), .pte), (fault(word: 3 * 512 + 1), .pte),
            (fault(word: 4 * 512), .pte), (fault(word: 0, bits: 21), .pmd),
            (fault(bits: 21), .pte), (fault(bits: 12), .pmd), (fault(bits: 0), .none),
        ]
        for (fault, mapped) in wrong {
            let failure = MemoryFailure(fault: fault, count: 1)
            #expect(FailureVerdict.wrong(failure, page: 3, mapped: mapped) != nil, "\(fault)")
        }
        #expect(
            FailureVerdict.wrong(MemoryFailure(fault: nil, count: 0), page: 3, mapped: .pte)
                == "no SIGBUS")
        #expect(
            FailureVerdict.wrong(MemoryFailure(fault: fault(), count: 2), page: 3, mapped: .pte)
                == "2 SIGBUS")
    }

    // MARK: what a bad block gives

    @Test func aBadBlockMayGiveEitherSignal() {
        for fault in [fault(Int32(BUS_ADRERR), bits: 0), fault(word: 3 * 512 + 9)] {
            let load = AccessResult(done: 0, fault: fault)
            #expect(FailureVerdict.wrong(load, word: 3 * 512) == nil)
        }
        #expect(FailureVerdict.wrong(read: EIO, done: 0) == nil)
    }

    @Test func aBadBlockThatIsServedIsSeen() {
        #expect(
            FailureVerdict.wrong(AccessResult(done: 1, fault: nil), word: 3 * 512)
                == "1 words and no SIGBUS")
        for fault in [
            fault(PoisonTests.optional), fault(word: 2 * 512), fault(bits: 21),
            fault(signal: SIGSEGV), fault(Int32(BUS_ADRERR), word: 4 * 512),
        ] {
            let load = AccessResult(done: 0, fault: fault)
            #expect(FailureVerdict.wrong(load, word: 3 * 512) != nil, "\(fault)")
        }
        #expect(
            FailureVerdict.wrong(AccessResult(done: 1, fault: fault()), word: 3 * 512) != nil)
        #expect(FailureVerdict.wrong(read: 0, done: 4096) == "4096 bytes")
        #expect(FailureVerdict.wrong(read: EFAULT, done: 0) == "EFAULT")
    }

    // MARK: what is left

    @Test(arguments: [0, 5, 511, 512, 1023])
    func theWindowLiesUnderOnePMD(_ page: Int) throws {
        #expect(trials.renew(around: page, .anywhere))
        #expect(own.window.contains(page) && own.window.count >= 3)
        #expect(own.window.lowerBound / 512 == (own.window.upperBound - 1) / 512)
        trials.look(own.window, "a test")
        trials.lookAnew(.shifted(pages: 7), "in a test")
        #expect(context.takeFindings().isEmpty && context.trouble == nil)
    }

    @Test func aWordThatDidNotSurviveIsSeen() throws {
        #expect(trials.renew(around: 600, .anywhere))
        var zero = Buffer(words: 1)
        _ = try own.file.write(at: 601 * 4096 + 16, count: 1, from: zero)
        trials.look(own.window, "a test")
        zero[0] = 7
        _ = try own.file.write(at: 601 * 4096 + 16, count: 1, from: zero)
        trials.read(own.window, "in a test")
        let found = context.takeFindings()
        #expect(found.map(\.rule) == [.freshness, .provenance])
        #expect(found.allSatisfy { $0.offset == 601 * 4096 + 16 })
    }

    @Test func aNeighbourThatIsCalledFailedIsSeen() throws {
        #expect(trials.renew(around: 600, .anywhere))
        trials.reportPoison(AccessResult(done: 512, fault: fault(word: 600 * 512)), 599 * 512)
        // Any other SIGBUS is the report builder's to judge.
        trials.reportPoison(AccessResult(done: 0, fault: fault(Int32(BUS_ADRERR))), 599 * 512)
        let found = context.takeFindings()
        #expect(found.map(\.rule) == [.sigbus] && found.first?.offset == 600 * 4096)
    }

    /// This directory lies on no DAX and on no pmem, so that nothing may fail.
    @Test func whereNothingCanFailNothingDoes() throws {
        try #require(own.badBlocks == nil)
        trials.failBlock(page: 3, large: false, sectors: 0..<8, by: .rewrite)
        #expect(trials.own.tally.isEmpty && context.takeFindings().isEmpty)
        #expect(
            context.notes == ["nothing fails here: the filesystem has no pmem device for itself"])
    }

    @Test func aTallyIsASentence() {
        var sum = FailureTally()
        #expect(sum.isEmpty)
        var one = FailureTally()
        (one.pages, one.large, one.blocks, one.signals) = (2, 1, 4, 4)
        (one.errors, one.rewritten, one.punched) = (4, 3, 1)
        sum += one
        sum += one
        #expect(
            sum.sentence
                == "4 pages failed on purpose (2 of a PMD); of 8 bad blocks 8 loads ended in SIGBUS "
                + "and 8 reads in EIO, 6 were rewritten, 2 punched")
    }
}
