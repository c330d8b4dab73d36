import DaxModel
import DaxOperations
import DaxSystem
import Glibc

/// What an actor does with files of its own, which nobody else touches: each word that it reads
/// there has its verdict at once.
final class OwnFiles {
    let context: ActorContext
    /// How many names were given out.
    private var names: UInt64 = 0

    init(_ context: ActorContext) { self.context = context }

    /// Makes a file of `pages` pages; nil where there is no space.
    func make(pages: UInt64, allocated: Bool) -> OwnFile? {
        let (name, path) = newName()
        var made: OwnFile?
        let code = context.call(
            .create, .syscall, nil, offset: 0, length: pages * UInt64(Page.bytes)
        ) {
            () throws(SystemError) in
            made = try OwnFile(
                path, name: name, number: .ownFiles(of: context.actor),
                pages: pages,
                allocate: allocated)
        }
        context.expect(code, "create", or: [ENOSPC])
        if let record = context.log.records.last { made?.remember(record) }
        // What there is of it has a name all the same.
        if made == nil && Files.exists(path) { remove(path) }
        return made
    }

    /// Stores stamps into `count` words of `file` from `word` on.
    func store(_ file: OwnFile, word: Int, count: Int, nontemporal: Bool) {
        let sequence = context.stamp(
            UInt64(word)..<UInt64(word + count), number: file.number, in: &context.buffer, at: word)
        context.announce(.ownStore, nil, word: UInt64(word), count: count)
        let (interval, result) = timed {
            file.mapping.store(
                word, count: count, from: context.buffer, at: word,
                by: nontemporal ? .nontemporal : .word)
        }
        context.logAccess(.ownStore, nil, interval, UInt64(word), count, result, sequence)
        if let record = context.log.records.last { file.remember(record) }
        for index in word..<word + result.done { file.expected[index] = context.buffer[index] }
    }

    /// Loads `count` words of `file` from `word` on through its mapping, and compares.
    func load(_ file: OwnFile, word: Int, count: Int) {
        context.announce(.ownLoad, nil, word: UInt64(word), count: count)
        let (interval, result) = timed {
            file.mapping.load(word, count: count, into: &context.buffer, at: word)
        }
        context.logAccess(.ownLoad, nil, interval, UInt64(word), count, result, 0)
        compare(file, word..<word + result.done, "load through its mapping")
    }

    /// Reads `count` words of `file` from `word` on by pread(2), and compares.
    func read(_ file: OwnFile, word: Int, count: Int) {
        var done = 0
        let code = context.call(
            .ownLoad, .syscall, nil, offset: UInt64(word) * 8, length: UInt64(count) * 8
        ) { () throws(SystemError) in
            done = try file.file.read(
                at: UInt64(word) * 8, count: count, into: &context.buffer, at: word)
        }
        guard context.expect(code, "pread") else { return }
        // What was not read is no stamp of anybody.
        if done < count * 8 { context.buffer.fill(word + done / 8..<word + count, with: ~0) }
        compare(file, word..<word + count, "read(2)")
    }

    /// Gives `file` a name that was `other`'s, or a new one, in place of its first.
    func rename(_ file: OwnFile, over other: OwnFile?, _ how: RenameMode) {
        guard let old = file.paths.first else { return }
        let new = other.map(\.paths.first) ?? newName().path
        guard let new, new != old else { return }
        let code = context.call(.rename, .syscall, nil, offset: 0, length: 0) {
            () throws(SystemError) in
            try Files.rename(old, to: new, how)
        }
        let refusals = how == .keep && other != nil ? [EEXIST] : how == .exchange ? [ENOENT] : []
        guard context.expect(code, "renameat2", or: refusals + [ENOSPC]) else { return }
        file.paths[0] = new
        guard let other else { return }
        if how == .exchange { other.paths[0] = old } else { other.paths.removeFirst() }
    }

    /// Gives `file` one more name.
    func link(_ file: OwnFile) {
        guard let old = file.paths.first else { return }
        let new = newName().path
        let code = context.call(.link, .syscall, nil, offset: 0, length: 0) {
            () throws(SystemError) in
            try Files.link(old, as: new)
        }
        if context.expect(code, "link", or: [ENOSPC]) { file.paths.append(new) }
    }

    /// Takes the last of its names from `file`; it lives on while it is mapped.
    func unlink(_ file: OwnFile) {
        if let path = file.paths.last, remove(path) { file.paths.removeLast() }
    }

    /// Empties `file` by O_TRUNC and gives it its size again; false where nobody can say what it
    /// holds now.
    func empty(_ file: OwnFile) -> Bool {
        guard let path = file.paths.first else { return true }
        let code = context.call(
            .create, .syscall, nil, offset: 0, length: UInt64(file.words) * 8
        ) { () throws(SystemError) in try file.empty(path) }
        file.expected.fill(0..<file.words, with: 0)
        if let record = context.log.records.last { file.remember(record) }
        return context.expect(code, "open O_TRUNC", or: [ENOSPC])
    }

    /// Writes `file` back, by msync(2) or by fsync(2).
    func sync(_ file: OwnFile, mapped: Bool) {
        context.call(mapped ? .msync : .fsync, .syscall, nil, offset: 0, length: 0) {
            () throws(SystemError) in
            if mapped { try file.mapping.sync(0..<file.words) } else { try file.file.sync() }
        }
    }

    /// Sets or clears the file's DAX attribute, which must not mean anything.
    func flag(_ file: OwnFile, dax isOn: Bool) {
        context.privileged(.flag, nil) { () throws(SystemError) in try file.file.flag(dax: isOn) }
        context.requireDAX(file.file, file.name)
    }

    private func newName() -> (name: String, path: String) {
        names += 1
        let name = "\(ActorContext.ownPrefix)\(context.actor).\(names)"
        return (name, "\(context.directory)/\(name)")
    }

    @discardableResult
    private func remove(_ path: String) -> Bool {
        let code = context.call(.unlink, .syscall, nil, offset: 0, length: 0) {
            () throws(SystemError) in
            try Files.remove(path)
        }
        return context.expect(code, "unlink", or: [ENOSPC])
    }

    /// R1 for a word that was never stored here; R3 for one that was, but is not the last; once.
    private func compare(_ file: OwnFile, _ words: Range<Int>, _ path: String) {
        guard let word = context.buffer.firstDifference(from: file.expected, in: words) else {
            return
        }
        let (due, found) = (file.expected[word], context.buffer[word])
        let events = file.events(behind: [found, due], actor: context.actor).map {
            FindingEvent(
                $0, effect: $0.kind == .create ? "zeroed it" : "wrote its stamp \($0.reference)")
        }
        context.reportWord(
            of: file.name, number: file.number, word, stampedFor: word, expected: hex(due),
            observed: found,
            WordProof(
                due: context.ownWord(due), found: context.origin(of: found, own: context.ownWord),
                block: file.file.block(ofWord: word)),
            events + [
                FindingEvent(
                    context.log.records.last!, name: path,
                    effect: "found \(hex(found))")
            ])
        for index in words { file.expected[index] = context.buffer[index] }
    }
}
