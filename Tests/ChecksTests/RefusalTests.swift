import DaxModel
import DaxOracle
import Glibc
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations
@testable import DaxSystem

/// R13: which errnos and short transfers have a reason.
@Suite struct RefusalTests {
    /// Where nothing excuses anything.
    private var strict = Situation(.xfs, space: SpaceOutlook(free: .max))

    private func record(
        _ kind: OperationKind, _ code: Int32, _ circumstances: Record.Circumstances = [],
        done: UInt64 = 0
    ) -> Record {
        Record(
            interval: Interval(Timestamp(ticks: 10), Timestamp(ticks: 20)), offset: 4096,
            length: 4096, done: done, reference: 0, kind: kind, path: .syscall,
            outcome: code == 0 ? .done : .failed, file: 0, circumstances: circumstances, code: code)
    }

    private func isRefused(
        _ kind: OperationKind, _ code: Int32, _ circumstances: Record.Circumstances = [],
        in situation: Situation? = nil
    ) -> Bool {
        record(kind, code, circumstances).refusal(in: situation ?? strict) != nil
    }

    @Test func aRunInWhichEverythingFailsWithEIOIsNotClean() {
        let mayFail: Set<OperationKind> = [.poisonedRead, .poisonRewrite, .poisonPunch]
        for kind in OperationKind.allCases {
            #expect(isRefused(kind, EIO) != mayFail.contains(kind), "\(kind.name)")
        }
        #expect(isRefused(.pread, EIO) && isRefused(.fsync, EIO) && isRefused(.punch, EIO))
        var poisoned = strict
        poisoned.memoryFails = true
        #expect(!isRefused(.pread, EIO, in: poisoned) && !isRefused(.fsync, EIO, in: poisoned))
    }

    @Test func noErrnoOfACorruptFilesystemHasAReason() {
        for kind in OperationKind.allCases {
            for code in [EUCLEAN, EROFS, ESTALE, ENODATA, EBADF] {
                #expect(isRefused(kind, code), "\(kind.name)")
            }
        }
    }

    @Test func onlyACutOrLentBufferExplainsEFAULT() {
        #expect(isRefused(.pread, EFAULT) && !isRefused(.pread, EFAULT, .cutBuffer))
        #expect(isRefused(.syncWrite, EFAULT, .noWait))
        #expect(isRefused(.write, EFAULT) && isRefused(.fixedRead, EFAULT))
        #expect(!isRefused(.writeFrom, EFAULT) && !isRefused(.readInto, EFAULT))
        #expect(!isRefused(.unmappedPin, EFAULT) && isRefused(.truncate, EFAULT))
    }

    @Test func onlyNOWAITExplainsEAGAIN() {
        #expect(isRefused(.pwrite, EAGAIN) && !isRefused(.pwrite, EAGAIN, .noWait))
        #expect(isRefused(.pread, EAGAIN, .cutBuffer) && isRefused(.fsync, EAGAIN))
    }

    /// A write that goes by no O_DIRECT may be one that the filesystem cannot do without waiting.
    @Test func onlyAWriteWithNOWAITMayBeInvalid() {
        for kind in [.pwrite, .syncWrite] as [OperationKind] {
            #expect(isRefused(kind, EINVAL) && !isRefused(kind, EINVAL, .noWait))
        }
        #expect(isRefused(.directWrite, EINVAL, .noWait) && isRefused(.pread, EINVAL, .noWait))
    }

    @Test func onlyAChainExplainsECANCELED() {
        #expect(isRefused(.fixedWrite, ECANCELED) && !isRefused(.fixedWrite, ECANCELED, .chained))
        #expect(!isRefused(.truncate, ECANCELED, .chained) && isRefused(.truncate, ECANCELED))
    }

    @Test func onlyALackOfSpaceExplainsENOSPC() {
        var full = strict
        full.space = SpaceOutlook(free: 0)
        for kind in [.write, .allocate, .punch, .truncate, .create, .clone] as [OperationKind] {
            #expect(isRefused(kind, ENOSPC) && !isRefused(kind, ENOSPC, in: full), "\(kind.name)")
        }
        // Reading asks for none, nor does writing back.
        #expect(isRefused(.pread, ENOSPC, in: full) && isRefused(.fsync, ENOSPC, in: full))
        // A quota is somebody else's.
        #expect(isRefused(.write, EDQUOT, in: full))
        full.isShared = true
        #expect(!isRefused(.write, EDQUOT, in: full))
    }

    @Test func onlyASignalExplainsEINTR() {
        #expect(isRefused(.punch, EINTR) && isRefused(.copy, EINTR) && isRefused(.pread, EINTR))
        var interrupted = strict
        interrupted.signalled = true
        #expect(!isRefused(.punch, EINTR, in: interrupted))
    }

    @Test func whatAFilesystemCannotDoItMayRefuse() {
        #expect(!isRefused(.clone, EOPNOTSUPP) && !isRefused(.collapse, EINVAL))
        #expect(isRefused(.punch, EOPNOTSUPP) && isRefused(.punch, EINVAL))
        #expect(isRefused(.unshare, EOPNOTSUPP))
        var sharing = strict
        sharing.sharesBlocks = true
        #expect(isRefused(.clone, EOPNOTSUPP, in: sharing))
        sharing.isShared = true
        #expect(!isRefused(.clone, EOPNOTSUPP, in: sharing))
        let ext4 = Situation(.ext4, space: SpaceOutlook(free: .max))
        #expect(!isRefused(.unshare, EOPNOTSUPP, in: ext4))
    }

    @Test func whoIsNotAloneMayBeRefusedMore() {
        #expect(isRefused(.freeze, EPERM) && isRefused(.remount, EBUSY) && isRefused(.thaw, EINVAL))
        var shared = strict
        shared.isShared = true
        #expect(!isRefused(.freeze, EPERM, in: shared) && !isRefused(.remount, EBUSY, in: shared))
        var freezing = strict
        freezing.freezers = 1
        #expect(
            !isRefused(.remount, EBUSY, in: freezing) && isRefused(.freeze, EBUSY, in: freezing))
    }

    @Test func aWriteThatCameShortNeedsAReason() {
        func isShort(
            _ kind: OperationKind, _ circumstances: Record.Circumstances = [],
            _ situation: Situation
        ) -> Bool {
            record(kind, 0, circumstances, done: 512).refusal(in: situation) != nil
        }
        for kind in [.write, .pwrite, .directWrite, .syncWrite, .fixedWrite] as [OperationKind] {
            #expect(isShort(kind, [], strict), "\(kind.name)")
            #expect(!isShort(kind, .noWait, strict) && !isShort(kind, .cutBuffer, strict))
            var full = strict
            full.space = SpaceOutlook(free: 0)
            #expect(!isShort(kind, [], full))
            #expect(record(kind, 0, done: 4096).refusal(in: strict) == nil)
        }
        // Where a read ends, the size says; where a copy does, its source.
        #expect(!isShort(.pread, [], strict) && !isShort(.copy, [], strict))
    }

    @Test func aRefusalNamesTheErrnoAndWhatWasAllowed() throws {
        let refusal = try #require(record(.pwrite, EAGAIN, .cutBuffer).refusal(in: strict))
        #expect(refusal.observed == "EAGAIN" && refusal.expected == "success, or EFAULT")
        #expect(
            refusal.sentence == "fails with EAGAIN, for which there is no reason "
                + "(a buffer that cannot be reached whole)")
    }
}

/// R5: the signal itself.
@Suite struct WrongSignalTests {
    private func record(
        _ kind: OperationKind, signal: Int32, code: Int32, stray: Int16 = 0, done: UInt64 = 0
    ) -> Record {
        Record(
            interval: Interval(Timestamp(ticks: 10), Timestamp(ticks: 20)), offset: 4096,
            length: 4096, done: done, reference: 0, kind: kind, path: .mapping, outcome: .faulted,
            file: 0, signal: UInt8(signal), strayPages: stray, code: code)
    }

    @Test func onlyASIGBUSForThisPageSaysSomethingOfTheSize() {
        var situation = Situation(.ext4, space: SpaceOutlook(free: .max))
        let right = record(.store, signal: SIGBUS, code: Int32(BUS_ADRERR))
        #expect(right.wrongSignal(in: situation) == nil && right.fault(in: situation) == .sigbus)
        for wrong in [
            record(.store, signal: SIGSEGV, code: 1), record(.load, signal: SIGSEGV, code: 2),
            record(.store, signal: SIGBUS, code: Int32(BUS_OBJERR)),
            record(.load, signal: SIGBUS, code: Int32(BUS_ADRERR), stray: 1),
            record(.faultStore, signal: SIGBUS, code: Int32(BUS_ADRERR), stray: -3),
            record(.load, signal: SIGBUS, code: Int32(BUS_MCEERR_AR)),
        ] {
            #expect(wrong.wrongSignal(in: situation) != nil)
            #expect(wrong.fault(in: situation) == .elsewhere)
        }
        situation.memoryFails = true
        let poisoned = record(.load, signal: SIGBUS, code: Int32(BUS_MCEERR_AR))
        #expect(poisoned.wrongSignal(in: situation) == nil)
        #expect(poisoned.fault(in: situation) == .poisoned)
    }

    /// A SIGBUS that a bad block gives has the code of a page that is not there: its kind tells.
    @Test func aPoisonedLoadIsAccountedAsPoisoned() {
        for (kind, code, expected) in [
            (.poisonedLoad, Int32(BUS_ADRERR), true), (.memoryFailure, Int32(BUS_MCEERR_AR), true),
            (.ownLoad, Int32(BUS_ADRERR), false),
        ] as [(OperationKind, Int32, Bool)] {
            let record = Record(
                interval: Interval(Timestamp(ticks: 1), Timestamp(ticks: 2)), offset: 0, length: 8,
                done: 0, reference: 0, kind: kind, path: .mapping, outcome: .faulted,
                file: Record.noFile, code: code)
            let situation = Situation(.ext4, space: SpaceOutlook(free: 0))
            #expect((record.fault(in: situation) == .poisoned) == expected)
        }
    }

    /// REP MOVSB may be a cache line behind with its counting.
    @Test func aStringStoreMayFaultOnTheNextPage() {
        let situation = Situation(.ext4, space: SpaceOutlook(free: .max))
        func isWrong(_ kind: OperationKind, done: UInt64) -> Bool {
            record(kind, signal: SIGBUS, code: Int32(BUS_ADRERR), stray: 1, done: done)
                .wrongSignal(in: situation) != nil
        }
        // Bytes short of the page's end.
        #expect(!isWrong(.stringStore, done: 4032) && isWrong(.stringStore, done: 4024))
        #expect(isWrong(.vectorStore, done: 4032))
    }

    @Test func aRecordHasNoRoomToWaste() { #expect(MemoryLayout<Record>.stride == 56) }

    @Test func aFaultKnowsHowFarItsAddressIsOff() {
        func stray(_ word: Int, done: Int) -> Int16 {
            AccessResult(
                done: done, fault: Fault(signal: SIGBUS, code: 2, word: word, addressBits: 0)
            ).strayPages(from: 500)
        }
        #expect(stray(511, done: 11) == 0 && stray(512, done: 11) == 1)
        #expect(stray(512, done: 12) == 0 && stray(-1, done: 0) == -1)
        #expect(stray(.max / 2, done: 0) == .max)
    }
}
