import DaxChecks
import DaxConfig
import DaxModel
import DaxOperations
import DaxSystem
import DaxText
import Glibc

/// The files under test: how they are made, and taken away.
extension Torture {
    func makeFiles() throws {
        let limit = config.fs.fileSize.bytes
        let wantsDAX = config.fs.dax != .never
        for number in 0..<config.fs.files {
            let known = KnownFile(name: "file\(number)", directory: directory, limit: limit)
            let file = try File(known.path, [.create, .exclusive])
            files.append(known)
            if config.file(Int(number)) == nil {
                var random = Random(seed: seed ^ 0x1a04, stream: number)
                try FileLayout(kind: config.fs.layout, size: limit).make(file, &random)
            }
            let status = try file.status()
            files[files.count - 1].inode = status.inode
            files[files.count - 1].isOnDAX = status.isDAX
            guard status.isDAX == wantsDAX else {
                throw RunError.untested(
                    wantsDAX
                        ? "\(directory) is not on DAX: statx gives no STATX_ATTR_DAX"
                        : "\(directory) is on DAX, and fs.dax is never")
            }
            if epoch == 0 { prove(file, dax: wantsDAX) }
        }
        try layOut()
    }

    /// Writes down what shows that a file is on DAX.
    private func prove(_ file: borrowing File, dax: Bool) {
        let accepts = file.acceptsMapSync
        builder.proved(dax: dax, mapSync: isSynchronous ? accepts : nil)
        if isSynchronous || config.fs.dax == .never { return }
        builder.note(
            accepts
                ? "MAP_SYNC was accepted on virtio-pmem, which cannot keep what that promises"
                : "MAP_SYNC is refused on virtio-pmem: a store there is durable when the host was asked"
        )
    }

    /// Gives the files with a table of their own what that says: first what is theirs, then what they
    /// share.
    private func layOut() throws {
        let tables = files.indices.map { number in
            config.file(number).map {
                (table: $0, extents: $0.extents.compactMap { StartingExtent($0) })
            }
        }
        for (number, one) in tables.enumerated() {
            guard let one else { continue }
            let file = try File(files[number].path)
            for extent in one.extents { try make(extent, of: number, file) }
        }
        for (number, one) in tables.enumerated() {
            guard let one else { continue }
            let file = try File(files[number].path)
            for extent in one.extents { try share(extent, of: number, file) }
            try file.truncate(to: one.table.size.bytes)
            try file.sync()
            let size = one.table.size.bytes
            for word in Int(size / 8)..<files[number].words.count { files[number].words[word] = 0 }
            files[number].size = size
        }
    }

    private func make(_ extent: StartingExtent, of number: Int, _ file: borrowing File) throws {
        switch extent.state {
        case .shared: break
        case .unwritten:
            try file.allocate(.allocateKeepSize, offset: extent.offset, length: extent.length)
        case .written:
            let first = extent.offset / 8
            var buffer = Buffer(words: Int(extent.length / 8))
            for index in 0..<buffer.count {
                let word = first + UInt64(index)
                let stamp = key.stamp(
                    actor: .harness, sequence: 1, file: FileNumber(index: number), word: word
                ).rawValue
                buffer[index] = stamp
                files[number].words[Int(word)] = stamp
            }
            let written = try file.write(at: extent.offset, count: buffer.count, from: buffer)
            guard written == buffer.count * 8 else {
                throw SystemError("pwrite", code: ENOSPC, target: files[number].path)
            }
        }
    }

    private func share(_ extent: StartingExtent, of number: Int, _ file: borrowing File) throws {
        guard case .shared(let from, let offset) = extent.state else { return }
        let source = try File(files[from].path)
        // What lies beyond its end cannot be cloned.
        let least = offset + extent.length
        if try source.status().size < least { try source.truncate(to: least) }
        try file.clone(offset: extent.offset, length: extent.length, from: source, at: offset)
        for index in 0..<Int(extent.length / 8) {
            files[number].words[Int(extent.offset / 8) + index] =
                files[from].words[Int(offset / 8) + index]
        }
    }

    /// Whether ranges of files can be exchanged; where that is asked for and cannot be, the report
    /// says why.
    func canExchange() throws -> Bool {
        guard config.fs.exchange else { return false }
        let file = try File(files[0].path)
        let page = UInt64(Page.bytes)
        do throws(SystemError) {
            try file.exchange(offset: 0, length: page, with: file, at: page, .dryRun)
        } catch {
            builder.note("no exchange range: \(error)")
            return false
        }
        builder.expectExchanges()
        return true
    }

    /// Leaves the filesystem no more space than the config says.
    func takeSpace() throws {
        guard let free = config.fs.free else { return }
        try Ballast("ballast", in: directory).fill(leaving: free.bytes)
    }

    func removeTestedFiles() {
        for file in files { try? Files.remove(file.path) }
        files = []
    }

    /// Removes the files under test, and what actors left of their own.
    func removeFiles() {
        canaries?.clear()
        removeTestedFiles()
        for name in (try? Files.names(in: directory)) ?? []
        where name.hasPrefix(ActorContext.ownPrefix) {
            try? Files.remove("\(directory)/\(name)")
        }
    }
}
