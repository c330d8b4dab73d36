import DaxModel
public import DaxSystem
import Glibc

/// What an actor does with files of its own, which nobody else touches: each word that it reads
/// there has its verdict at once.
extension Hand {
    /// Makes a file of `pages` pages; nil where there is no space.
    public func make(pages: UInt64, allocated: Bool) -> OwnFile? {
        let (name, path) = newName()
        var made: OwnFile?
        let code = call(.create, .syscall, nil, offset: 0, length: pages * UInt64(Page.bytes)) {
            () throws(SystemError) in
            made = try OwnFile(
                path, name: name, number: Hand.ownNumber | UInt16(actor), pages: pages,
                allocate: allocated)
        }
        expect(code, "create", or: [ENOSPC])
        if let record = log.records.last { made?.remember(record) }
        // What there is of it has a name all the same.
        if made == nil && Files.exists(path) { remove(path) }
        return made
    }

    /// Stores stamps into `count` words of `file` from `word` on.
    public func store(_ file: OwnFile, word: Int, count: Int, nontemporal: Bool) {
        let sequence = stamp(
            UInt64(word)..<UInt64(word + count), number: file.number, in: &buffer, at: word)
        announce(.ownStore, nil, word: UInt64(word), count: count)
        let from = Clock.ticks()
        let result = file.mapping.store(
            word, count: count, from: buffer, at: word, by: nontemporal ? .nontemporal : .word)
        let to = Clock.ticks()
        noteAccess(.ownStore, nil, from, to, UInt64(word), count, result, sequence)
        if let record = log.records.last { file.remember(record) }
        for index in word..<word + result.done { file.expected[index] = buffer[index] }
    }

    /// Loads `count` words of `file` from `word` on through its mapping, and compares.
    public func load(_ file: OwnFile, word: Int, count: Int) {
        announce(.ownLoad, nil, word: UInt64(word), count: count)
        let from = Clock.ticks()
        let result = file.mapping.load(word, count: count, into: &buffer, at: word)
        let to = Clock.ticks()
        noteAccess(.ownLoad, nil, from, to, UInt64(word), count, result, 0)
        compare(file, word..<word + result.done, "load through its mapping")
    }

    /// Reads `count` words of `file` from `word` on by pread(2), and compares.
    public func read(_ file: OwnFile, word: Int, count: Int) {
        var done = 0
        let code = call(
            .ownLoad, .syscall, nil, offset: UInt64(word) * 8, length: UInt64(count) * 8
        ) { () throws(SystemError) in
            done = try file.file.read(at: UInt64(word) * 8, count: count, into: &buffer, at: word)
        }
        guard expect(code, "pread") else { return }
        // What was not read is no stamp of anybody.
        if done < count * 8 { buffer.fill(word + done / 8..<word + count, with: ~0) }
        compare(file, word..<word + count, "read(2)")
    }

    /// Gives `file` a name that was `other`'s, or a new one, in place of its first.
    public func rename(_ file: OwnFile, over other: OwnFile?, _ how: RenameMode) {
        guard let old = file.paths.first else { return }
        let new = other.map(\.paths.first) ?? newName().path
        guard let new, new != old else { return }
        let code = call(.rename, .syscall, nil, offset: 0, length: 0) { () throws(SystemError) in
            try Files.rename(old, to: new, how)
        }
        let refusals = how == .keep && other != nil ? [EEXIST] : how == .exchange ? [ENOENT] : []
        guard expect(code, "renameat2", or: refusals + [ENOSPC]) else { return }
        file.paths[0] = new
        guard let other else { return }
        if how == .exchange { other.paths[0] = old } else { other.paths.removeFirst() }
    }

    /// Gives `file` one more name.
    public func link(_ file: OwnFile) {
        guard let old = file.paths.first else { return }
        let new = newName().path
        let code = call(.link, .syscall, nil, offset: 0, length: 0) { () throws(SystemError) in
            try Files.link(old, as: new)
        }
        if expect(code, "link", or: [ENOSPC]) { file.paths.append(new) }
    }

    /// Takes the last of its names from `file`; it lives on while it is mapped.
    public func unlink(_ file: OwnFile) {
        if let path = file.paths.last, remove(path) { file.paths.removeLast() }
    }

    /// Empties `file` by O_TRUNC and gives it its size again; false where nobody can say what it
    /// holds now.
    public func empty(_ file: OwnFile) -> Bool {
        guard let path = file.paths.first else { return true }
        let code = call(
            .create, .syscall, nil, offset: 0, length: UInt64(file.words) * 8
        ) { () throws(SystemError) in try file.empty(path) }
        file.expected.fill(0..<file.words, with: 0)
        if let record = log.records.last { file.remember(record) }
        return expect(code, "open O_TRUNC", or: [ENOSPC])
    }

    /// Writes `file` back, by msync(2) or by fsync(2).
    public func sync(_ file: OwnFile, mapped: Bool) {
        call(mapped ? .msync : .fsync, .syscall, nil, offset: 0, length: 0) {
            () throws(SystemError) in
            if mapped { try file.mapping.sync(0..<file.words) } else { try file.file.sync() }
        }
    }

    /// Sets or clears the file's DAX attribute, which must not mean anything.
    public func flag(_ file: OwnFile, dax isOn: Bool) {
        privileged(.flag, nil) { () throws(SystemError) in try file.file.flag(dax: isOn) }
        requireDAX(file.file, file.name)
    }

    /// The range of numbers that stamps of own files carry: no file under test has one, no canary.
    static var ownNumber: UInt16 { 0x4000 }

    private func newName() -> (name: String, path: String) {
        names += 1
        let name = "\(OwnFile.prefix)\(actor).\(names)"
        return (name, "\(directory)/\(name)")
    }

    @discardableResult
    private func remove(_ path: String) -> Bool {
        let code = call(.unlink, .syscall, nil, offset: 0, length: 0) { () throws(SystemError) in
            try Files.remove(path)
        }
        return expect(code, "unlink", or: [ENOSPC])
    }

    /// R1 for a word that was never stored here; R3 for one that was, but is not the last; once.
    private func compare(_ file: OwnFile, _ words: Range<Int>, _ path: String) {
        guard let word = buffer.firstDifference(from: file.expected, in: words) else { return }
        let (due, found) = (file.expected[word], buffer[word])
        let deeds = file.deeds(behind: [found, due], actor: actor).map {
            Deed($0, effect: $0.kind == .create ? "zeroed it" : "wrote its stamp \($0.reference)")
        }
        reportWord(
            of: file.name, number: file.number, word, stampedFor: word, expected: hex(due),
            observed: found,
            WordProof(
                due: ownWord(due), found: origin(of: found, own: ownWord),
                block: file.file.block(ofWord: word)),
            deeds + [Deed(log.records.last!, name: path, effect: "found \(hex(found))")])
        for index in words { file.expected[index] = buffer[index] }
    }
}
