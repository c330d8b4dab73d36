/// Gathers results into proofs while they come in.
package struct ProofResults {
    /// In the order of the jobs.
    package private(set) var proofs: [Proof] = []
    private var open: [Int] = []

    /// No results yet of `jobs`, and for equivalent mutants, which have none.
    package init(_ jobs: [Prover.Job], equivalents: [(Subject, ProofKernel)] = []) {
        for job in jobs {
            if let index = index(of: job) {
                open[index] += 1
            } else {
                proofs.append(Proof(job.subject, job.kernel))
                open.append(1)
            }
        }
        for (subject, kernel) in equivalents {
            proofs.append(Proof(subject, kernel))
            open.append(0)
        }
    }

    /// Enters a result; the proof and its number, from 1, if nothing of it is open any more.
    package mutating func add(_ result: Prover.Result, of job: Prover.Job) -> (Int, Proof)? {
        guard let index = index(of: job) else { preconditionFailure("a result of no job") }
        proofs[index].byDefault[job.seed] = result.byDefault
        if let own = result.own { proofs[index].byOwn[job.seed] = own }
        open[index] -= 1
        return open[index] == 0 ? (index + 1, proofs[index]) : nil
    }

    package var isComplete: Bool { open.allSatisfy { $0 == 0 } }

    package var score: Score { Score(proofs) }

    private func index(of job: Prover.Job) -> Int? {
        proofs.firstIndex { $0.subject == job.subject && $0.kernel == job.kernel }
    }
}
