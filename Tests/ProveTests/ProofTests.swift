import DaxModel
import DaxMutants
import DaxProve
import DaxReport
import DaxText
import Testing

/// A mutant by name, on a kernel that need not exist here.
private let mutant = Mutant.named("ext4-stale-punch")!
private let kernel = ProofKernel(release: "6.1.0-1-amd64", image: "/k", modules: "/m")

private func found(_ rule: Rule, _ seconds: Double = 1) -> Outcome {
    .found(.init(rules: [rule], seconds: seconds, operations: 10, sentence: "so"))
}

private func proof(_ subject: Subject, _ outcomes: [Outcome]) -> Proof {
    var proof = Proof(subject, kernel)
    for (seed, outcome) in outcomes.enumerated() { proof.byDefault[UInt64(seed + 1)] = outcome }
    return proof
}

@Suite struct ProofTests {
    @Test func nineOfTenSeedsProveAMutant() {
        let nine = Array(repeating: found(.freshness), count: 9)
        #expect(proof(.mutant(mutant), nine + [.clean]).isProved)
        #expect(!proof(.mutant(mutant), nine.dropLast() + [.clean, .clean]).isProved)
        #expect(!proof(.mutant(mutant), nine.dropLast() + [.clean, .untested("?")]).isProved)
    }

    @Test func aRuleThatTheMutantCannotBreakIsNoHit() {
        #expect(proof(.mutant(mutant), [found(.freshness)]).found == 1)
        #expect(proof(.mutant(mutant), [found(.durability)]).found == 0)
    }

    @Test func aControlMustBeCleanAndTested() {
        let control = Subject.control(filesystem: "ext4-dax")
        #expect(proof(control, [.clean, .clean]).isProved)
        #expect(!proof(control, [.clean, found(.durability)]).isProved)
        #expect(!proof(control, [.clean, .untested("no machine")]).isProved)
    }

    @Test func medianAndWorstAreOfTheSeedsThatFoundIt() throws {
        let outcomes = [found(.freshness, 9), .clean, found(.provenance, 1), found(.freshness, 2)]
        let times = try #require(proof(.mutant(mutant), outcomes).times)
        #expect(times == (2, 9))
        #expect(proof(.mutant(mutant), outcomes).rules.map(\.rule) == [.freshness, .provenance])
        #expect(proof(.mutant(mutant), [.clean]).times == nil)
    }

    @Test func theScoreCountsMutantsAndAlarms() {
        let control = proof(.control(filesystem: "ext4-dax"), [.clean, found(.kernel)])
        let score = Score([
            control, proof(.mutant(mutant), [found(.freshness)]), proof(.mutant(mutant), [.clean]),
        ])
        #expect(score.found == (1, 2))
        #expect(score.alarms == (1, 2))
        #expect(!score.isProved)
    }

    /// A proof that was stopped says nothing of what it had not come to.
    @Test func whatWasNotTriedIsNotFound() {
        let score = Score([
            proof(.mutant(mutant), [found(.freshness)]), proof(.mutant(mutant), []),
            proof(.control(filesystem: "ext4-dax"), []),
        ])
        #expect(score.found == (1, 2))
        #expect(!score.proofs[2].isProved)
        #expect(
            score.verdict
                == "1 of 2 mutants found in nine of ten of their seeds or more, 1 not tried; "
                + "0 alarms in 0 runs of stock kernels.")
    }

    @Test func anEquivalentMutantIsSkippedAndNotCounted() throws {
        let equivalent = try #require(Mutant.all.first { $0.equivalent != nil })
        let proof = Proof(.mutant(equivalent), kernel)
        #expect(proof.isProved)
        #expect(proof.ktap(1).contains("# SKIP equivalent: "))
        #expect(Score([proof]).found == (0, 0))
        let builder = ProofResults([], equivalents: [(.mutant(equivalent), kernel)])
        #expect(builder.isComplete && builder.proofs.count == 1)
    }

    @Test func ktapSaysWhatWasFound() {
        let outcomes = [found(.freshness, 1), found(.freshness, 2), .clean]
        #expect(
            proof(.mutant(mutant), outcomes).ktap(4)
                == "not ok 4 6.1.0-1-amd64 ext4-stale-punch # found 2/3 by R3 (2), median 2.0 s, "
                + "worst 2.0 s")
        #expect(
            proof(.control(filesystem: "xfs-dax"), [.clean]).ktap(1)
                == "ok 1 6.1.0-1-amd64 xfs-dax-control # 0 alarms in 1 run")
    }

    @Test func ktapSaysWhyARunWasNoTest() {
        var some = proof(
            .mutant(mutant), [found(.freshness), .untested("no DAX"), .untested("no QEMU")])
        #expect(some.ktap(1).hasSuffix("worst 1.0 s; 2 untested: no DAX"))
        some.byOwn[2] = .untested("no memory")
        #expect(some.ktap(1).hasSuffix("; 2 untested, 1 by its own config: no DAX"))
        let control = proof(.control(filesystem: "xfs-dax"), [.untested("no machine")])
        #expect(control.ktap(1).hasSuffix("# 0 alarms in 1 run; 1 untested: no machine"))
    }

    @Test func aReportBecomesAnOutcome() {
        var report = Report(fs: "ext4-dax", seed: Seed(7))
        report.verdict = .untested
        report.vacuity = ["no DAX"]
        #expect(Outcome(report) == .untested("no DAX"))
        report.verdict = .clean
        #expect(Outcome(report) == .clean)
        report.verdict = .violation
        report.operations = ["store": 3, "load": 4]
        report.timeToFirstViolation = 1.5
        for rule in [Rule.freshness, .bystanders, .freshness] {
            report.add(
                Finding(
                    rule: rule, file: "f", offset: 0, expected: "", observed: "",
                    story: "first\nsecond"))
        }
        #expect(
            Outcome(report)
                == .found(
                    .init(
                        rules: [.freshness, .bystanders], seconds: 1.5, operations: 7,
                        sentence: "first")))
    }

    @Test func theLedgerClosesAProofWithItsLastSeed() {
        let jobs = (1...2).map {
            Prover.Job(.mutant(mutant), kernel, seed: UInt64($0), ownConfig: nil)
        }
        var builder = ProofResults(jobs)
        #expect(builder.proofs.count == 1)
        #expect(builder.add(.init(byDefault: .clean, own: found(.freshness)), of: jobs[1]) == nil)
        #expect(!builder.isComplete)
        let closed = builder.add(.init(byDefault: found(.freshness), own: nil), of: jobs[0])
        #expect(closed?.0 == 1)
        #expect(closed?.1.found == 1)
        #expect(closed?.1.foundByOwn == 1)
        #expect(builder.isComplete)
    }
}
