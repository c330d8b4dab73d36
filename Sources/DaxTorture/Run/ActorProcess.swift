import DaxActors
import DaxChecks
package import DaxHost
package import DaxModel
import DaxOperations
import DaxOracle
package import DaxSystem

/// Actors that a forked process runs.
///
/// All that this process has of them while an epoch runs is the memory that both share; between two epochs
/// it asks, and the other process answers on its first thread.
package final class ActorProcess: ActorHost {
    private let process: ForkedProcess
    private let setup: ActorSetup

    /// What the forked process is asked; more follows in the parcel.
    private enum Question: UInt8, BitwiseCopyable {
        case make
        case begin
        case start
        case findings
        case compare
        case locate
        case remarks
        case end
    }

    /// Forks; this process may have one thread alone. The actors are there when `make` returns.
    package init(_ specs: [ActorSpec], on setup: ActorSetup) throws(SystemError) {
        self.setup = setup
        var answerer = Answerer(specs: specs, setup: setup)
        process = try ForkedProcess { answerer.answer($0) }
    }

    /// Has the forked process start a thread for each actor. Throws where the kernel has not what
    /// one needs.
    package func make() throws {
        var answer = try ask(.make)
        if let reason = answer.takeOptional({ $0.takeText() }) { throw RunError.untested(reason) }
    }

    private func ask(_ question: Question, _ more: (inout Parcel) -> Void = { _ in })
        throws(ForkedProcess.Gone) -> Parcel
    {
        var parcel = Parcel()
        parcel.put(question)
        more(&parcel)
        return try process.ask(parcel)
    }

    package func begin(_ starts: [ActorNumber: EpochStart]) throws(ForkedProcess.Gone) {
        _ = try ask(.begin) { parcel in
            parcel.put(each: starts.sorted { $0.key < $1.key }) {
                $0.put($1.key)
                $0.put($1.value)
            }
        }
    }

    package func start() throws(ForkedProcess.Gone) { _ = try ask(.start) }

    func interrupt(_ spec: ActorSpec) { process.interrupt(spec.status.kernelID) }

    func takeFindings(of actor: ActorNumber) throws(ForkedProcess.Gone) -> [ActorFinding] {
        var answer = try ask(.findings) { $0.put(actor) }
        return answer.takeEach { $0.takeActorFinding() }
    }

    func compare(
        _ actor: ActorNumber, file: Int, size: UInt64, called name: String, with auditor: Auditor
    ) throws(ForkedProcess.Gone) -> [Finding] {
        var answer = try ask(.compare) {
            $0.put(actor)
            $0.put(file)
            $0.put(size)
            $0.put(name)
        }
        auditor.add(words: answer.take())
        return answer.takeEach { $0.takeFinding() }
    }

    /// Compares what an actor's mappings of file `file` reach with where the file lies, which the
    /// forked process finds out for itself, when nobody moves it.
    func locate(_ actor: ActorNumber, file: Int, by check: FrameCheck, _ blocks: FileBlocks) throws
        -> LocatedPages
    {
        var answer = try ask(.locate) {
            $0.put(actor)
            $0.put(file)
        }
        if let reason = answer.takeOptional({ $0.takeText() }) {
            throw FrameCheck.Unknown(description: reason)
        }
        return answer.take()
    }

    func remarks(on actor: ActorNumber) throws(ForkedProcess.Gone) -> Remarks {
        var answer = try ask(.remarks) { $0.put(actor) }
        return answer.takeRemarks()
    }

    package func end() {
        var parcel = Parcel()
        parcel.put(Question.end)
        process.end(with: parcel)
    }

    package func abandon() { process.kill() }

    package var exit: ChildProcess.Exit? { process.exit }

    package var pid: Int32 { process.pid }

    // MARK: - In the forked process

    private struct Answerer {
        let specs: [ActorSpec]
        let setup: ActorSetup
        private var threads: ActorThreads?
        private var frames: FrameCheck?
        /// The comparison with the file that was asked about last: files are audited one after the
        /// other.
        private var comparison: (file: Int, MappingComparison)?

        init(specs: [ActorSpec], setup: ActorSetup) {
            (self.specs, self.setup) = (specs, setup)
        }

        /// The answer to `question`; nil ends the process.
        mutating func answer(_ question: Parcel) -> Parcel? {
            var question = question
            var answer = Parcel()
            let kind: Question = question.take()
            if kind == .make {
                answer.put(optional: make()) { $0.put($1) }
                return answer
            }
            guard let threads else {
                if kind == .end { return nil }
                preconditionFailure("asked before the actors were made")
            }
            switch kind {
            case .make: break
            case .begin:
                var starts: [ActorNumber: EpochStart] = [:]
                for (id, start) in question.takeEach({
                    ($0.take(ActorNumber.self), $0.take(EpochStart.self))
                }) {
                    starts[id] = start
                }
                threads.begin(starts)
            case .start: threads.start()
            case .findings:
                answer.put(each: threads.takeFindings(of: question.take())) { $0.put($1) }
            case .compare: compare(threads, &question, &answer)
            case .locate: locate(threads, &question, &answer)
            case .remarks: answer.put(threads.remarks(on: question.take()))
            case .end:
                // What they opened and mapped is gone before the filesystem is to be unmounted.
                threads.end()
                return nil
            }
            return answer
        }

        /// Why the actors could not be made; nil if they were.
        private mutating func make() -> String? {
            do {
                frames = try setup.frames?.reopened()
                threads = try ActorThreads(specs, on: setup)
                return nil
            } catch {
                return "\(error)"
            }
        }

        private mutating func compare(
            _ threads: ActorThreads, _ question: inout Parcel, _ answer: inout Parcel
        ) {
            let (actor, file): (ActorNumber, Int) = (question.take(), question.take())
            let (size, name): (UInt64, String) = (question.take(), question.takeText())
            if self.comparison?.file != file {
                self.comparison = nil
                self.comparison = (file, MappingComparison(with: setup.contents[file]))
            }
            let comparison = self.comparison!.1
            let before = comparison.wordsCompared
            let findings = threads.compare(
                actor, file: file, size: size, called: name, with: comparison)
            answer.put(comparison.wordsCompared - before)
            answer.put(each: findings) { $0.put($1) }
        }

        private mutating func locate(
            _ threads: ActorThreads, _ question: inout Parcel, _ answer: inout Parcel
        ) {
            let (actor, file): (ActorNumber, Int) = (question.take(), question.take())
            guard let frames else { preconditionFailure("no page frames to be seen here") }
            do {
                let located = try threads.locate(actor, file: file, by: frames)
                answer.put(false)
                answer.put(located)
            } catch {
                answer.put(true)
                answer.put("\(error)")
            }
        }
    }
}
