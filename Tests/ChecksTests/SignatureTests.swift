import DaxModel
import DaxOperations
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOracle

/// A signature is what violations of one cause have in common, and nothing else.
@Suite struct SignatureTests {
    private static let page = UInt64(Page.bytes)
    private var random = Random(seed: 7)

    /// A load by actor 3 that found what actor 2 had stored, and actor 1 punched since: `punched` of the
    /// page, all but a word or all. Everything else is drawn.
    private mutating func told(
        _ observer: OperationKind = .load, _ cause: OperationKind = .punch, all: Bool = true,
        seen: UInt64? = nil, by seer: ActorNumber = 3
    ) -> Finding {
        let page = random.below(1000 as UInt64)
        let offset = page * Self.page + 8 * (1 + random.below(UInt64(Page.words) - 1))
        let start = random.below(1_000_000 as UInt64)
        func interval(_ tick: UInt64) -> Interval {
            Interval(Timestamp(ticks: start + tick), Timestamp(ticks: start + tick + 5))
        }
        func operation(_ actor: ActorNumber, _ kind: OperationKind, _ path: AccessPath)
            -> DaxOracle.Operation
        {
            Operation(
                OperationID(actor: actor, index: UInt32(random.below(9999 as UInt64))),
                kind: kind.rawValue, path: path.rawValue)
        }
        let paths: [AccessPath] = [.syscall, .uring]
        let stores: [OperationKind] = [
            .store, .faultStore, .vectorStore, .stringStore, .childStore,
        ]
        let (writer, remover, reader) = (
            operation(2, stores[Int(random.below(5 as UInt64))], .mapping),
            operation(1, cause, paths[Int(random.below(2 as UInt64))]),
            operation(seer, observer, .mapping)
        )
        let stamp = seen ?? random.next() | 1
        let words = page * UInt64(Page.words)
        let zeroed = words + (all ? 0 : 1)..<words + UInt64(Page.words) * (1 + page % 3)
        var zeroing = Evidence(role: .zeroing, operation: remover, interval: interval(10))
        zeroing.words = zeroed
        var violation = Violation(
            rule: .freshness, file: FileNumber(rawValue: UInt16(random.below(4 as UInt64))),
            offset: offset,
            expected: .values([0]), observed: .value(stamp),
            evidence: [
                Evidence(role: .observer, operation: reader, interval: interval(30), value: stamp),
                Evidence(role: .write, operation: writer, interval: interval(0), value: stamp),
                zeroing,
            ], interval: interval(30))
        if random.below(2 as UInt64) == 1 {
            violation.evidence.append(
                Evidence(
                    role: .witness, operation: operation(4, .pread, .uring), interval: interval(20))
            )
        }
        violation.surroundings = Surroundings(
            initial: 0,
            events: [
                Surroundings.Event(
                    operation: remover, interval: interval(10),
                    words: zeroed,
                    details: [.zeroed(.definite)])
            ], omitted: Int(random.below(3 as UInt64)))
        let names = Dictionary(
            uniqueKeysWithValues: (0...4).map {
                (ActorNumber(rawValue: UInt8($0)), "x\(random.below(99 as UInt64)) \($0)")
            })
        return ViolationFormatter(
            actors: names, ticksPerSecond: 1e9, begin: random.below(UInt64(start + 1))
        ).tell(violation, file: "f\(random.below(9 as UInt64))")
    }

    @Test mutating func doesNotDependOnOffsetsTimesAndNames() {
        let signatures = Set((0..<200).map { _ in told().signature })
        #expect(signatures == ["R3 | an old stamp | load | punch | all of the page"])
        let others = Set((0..<200).map { _ in told(.faultLoad, .zero, all: false).signature })
        #expect(others == ["R3 | an old stamp | load | zero range | part of the page"])
    }

    @Test mutating func dependsOnWhatTellsCausesApart() {
        let signatures = [
            told(), told(.pread), told(.load, .truncate), told(.load, .punch, all: false),
            told(seen: 0), told(by: 0), told(.pin),
        ].map(\.signature)
        #expect(Set(signatures).count == signatures.count)
        #expect(signatures[5] == "R3 | an old stamp |  | punch | all of the page")
        #expect(signatures[6].contains("| pin |"))
    }

    /// What an access to several pages faulted in may have been for another.
    @Test(arguments: [(8, "PMD"), (4096, "")])
    func theFaultIsToldWhereItIsOfThePage(_ length: UInt64, _ told: String) {
        var log = Log(records: 1, values: 1)
        let interval = Interval(Timestamp(ticks: 1), Timestamp(ticks: 2))
        log.append(
            Record(
                interval: interval, offset: 4088, length: length, done: length, reference: 0,
                kind: .load, path: .mapping, outcome: .done, file: 0, faulted: .pmd, code: 0))
        let load = Operation(
            OperationID(actor: 3, index: 0), kind: OperationKind.load.rawValue,
            path: AccessPath.mapping.rawValue)
        let violation = Violation(
            rule: .freshness, file: 0, offset: 4088, expected: .values([1]), observed: .value(0),
            evidence: [Evidence(role: .observer, operation: load, interval: interval, value: 0)],
            interval: interval)
        let finding = ViolationFormatter(
            actors: [:], logs: [ActorLog(actor: 3, log: log)], ticksPerSecond: 1e9, begin: 0
        ).tell(violation, file: "file0")
        #expect(finding.signature == "R3 | zero | load" + (told.isEmpty ? "" : " |  |  | \(told)"))
    }

    @Test(
        arguments: [
            (0, nil, "same page"), (4096, nil, "neighbouring page"), (1 << 20, nil, "same file"),
            (0, 3, "other file"),
        ] as [(UInt64, FileNumber?, String)])
    func saysWhereAStampComesFrom(_ home: UInt64, _ file: FileNumber?, _ told: String) {
        let interval = Interval(Timestamp(ticks: 1), Timestamp(ticks: 2))
        let write = Operation(
            OperationID(actor: 2, index: 0), kind: OperationKind.pwrite.rawValue,
            path: AccessPath.syscall.rawValue)
        let violation = Violation(
            rule: .provenance, file: 0, offset: 8, expected: .values([]), observed: .value(5),
            evidence: [
                Evidence(
                    role: .stampOwner, operation: write, interval: interval, value: 5, home: home,
                    homeFile: file)
            ], interval: interval)
        #expect(Signature(violation).text == "R1 | a stamp of elsewhere |  | write | \(told)")
    }
}
