import DaxModel
import DaxOperations
import DaxSystem

/// Accesses of a child, which fork(2) makes, through a mapping that it inherits.
extension Forker {
    /// How long a child may take, in nanoseconds, before it counts as hung.
    private static let deadline: UInt64 = 10_000_000_000

    /// Accesses one word after the other through the long mapping of `file`, but from access `first` on
    /// in a child that inherits it (`ChildScript`), and waits for its end. As many of the accesses
    /// are made as the log has room for.
    ///
    /// They are records of this actor, with the timestamps of who made them: as it does nothing else
    /// meanwhile they are in order.
    func fork(
        _ file: FileUnderTest, first: Int, _ accesses: [(word: UInt64, stores: Bool)],
        _ context: ActorContext
    ) {
        script.clear()
        var sequences: [UInt32] = []
        for access in accesses.prefix(min(context.log.recordsLeft, ChildScript.most)) {
            var sequence: UInt32 = 0
            if access.stores { sequence = context.stamp(access.word..<access.word + 1, of: file) }
            sequences.append(sequence)
            script.add(
                access.stores ? .store(context.buffer[0]) : .load, word: Int(access.word),
                wait: context.random.below(Forker.longestWait))
        }
        if let first = accesses.first {
            context.announce(
                first.stores ? .childStore : .childLoad, .mapping, file.number,
                offset: first.word * 8, length: 8, more: accesses.count - 1)
        }
        context.meet()
        do throws(SystemError) {
            let ending = try script.run(
                first: first, on: file.long, nanoseconds: Forker.deadline)
            logAccesses(file, sequences, context)
            if ending != .finished { end(ending, file, sequences, context) }
        } catch { context.trouble = error }
    }

    /// The longest time between two accesses of a child, in ticks: it should live for as long as a punch
    /// or a truncate takes.
    private static let longestWait: UInt64 = 1 << 15

    private func logAccesses(_ file: FileUnderTest, _ sequences: [UInt32], _ context: ActorContext)
    {
        for index in 0..<script.done {
            let step = script.step(index, on: file.long)
            var reference = sequences[index]
            if !step.isStore {
                reference = context.log.pool { if step.result.done == 1 { $0.append(step.value) } }
            }
            context.logOperation(
                step.isStore ? .childStore : .childLoad, .mapping, file,
                over: Interval(Timestamp(ticks: step.from), Timestamp(ticks: step.to)),
                offset: UInt64(step.word) * 8, length: 8,
                done: UInt64(step.result.done) * 8, reference: reference,
                outcome: step.result.fault == nil ? .done : .faulted,
                code: step.result.fault?.code ?? 0, signal: step.result.signal,
                strayPages: step.result.strayPages(from: UInt64(step.word)))
        }
    }

    /// A child that did not finish its script hung in the access that is next on it, or was killed in
    /// it, by a kernel that is out of memory.
    private func end(
        _ ending: ChildScript.Ending, _ file: FileUnderTest, _ sequences: [UInt32],
        _ context: ActorContext
    ) {
        let (word, isStore) = script.next
        if let unfinished = script.unfinished, isStore {
            // It may have stored, or not: that is what a write that failed says.
            context.logOperation(
                .childStore, .mapping, file,
                over: Interval(Timestamp(ticks: unfinished.from), Timestamp(ticks: unfinished.to)),
                offset: word * 8, length: 8,
                done: 0, reference: sequences[script.done], outcome: .failed,
                code: SystemError.killed)
        }
        context.trouble = SystemError("a child's access", code: SystemError.killed)
        if ending == .died { return }
        let seconds = Forker.deadline / 1_000_000_000
        let observed =
            "it did not in \(seconds) s, and "
            + (ending == .late ? "had to be killed" : "SIGKILL did not end it")
        context.report(
            ActorFinding(
                rule: .kernel, file: file.file.path, offset: word * 8,
                expected: "every access ends", observed: observed,
                sentence: "a child was to access the mapping that it inherited \(script.count) "
                    + "times; after \(script.done) accesses \(observed)"))
    }
}
