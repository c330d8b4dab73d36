import DaxChecks
import DaxConfig
import DaxModel
import DaxOperations
import DaxSystem
import DaxText

/// The files under test: how they are made, and taken away.
extension Torture {
    func makeFiles() throws {
        let limit = config.fs.fileSize.bytes
        let wantsDAX = config.fs.dax != .never
        if config.fs.dax == .inode { try Filesystem.markDAX(directory) }
        for number in 0..<config.fs.files {
            let known = KnownFile(name: "file\(number)", directory: directory, limit: limit)
            let file = try File(known.path, [.create, .exclusive])
            files.append(known)
            var random = Random(seed: seed ^ 0x1a04, stream: number)
            try FileLayout(kind: config.fs.layout, size: limit).make(file, &random)
            let status = try file.status()
            files[files.count - 1].inode = status.inode
            files[files.count - 1].isOnDAX = status.isDAX
            guard status.isDAX == wantsDAX else {
                throw RunError.untested(
                    wantsDAX
                        ? "\(directory) is not on DAX: statx gives no STATX_ATTR_DAX"
                        : "\(directory) is on DAX, and fs.dax is never")
            }
            builder.proved(dax: wantsDAX, mapSync: file.acceptsMapSync)
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

    /// Removes the files under test, and what actors left of their own.
    func removeFiles() {
        canaries?.clear()
        for file in files { try? Files.remove(file.path) }
        for name in (try? Files.names(in: directory)) ?? []
        where name.hasPrefix(ActorContext.ownPrefix) {
            try? Files.remove("\(directory)/\(name)")
        }
    }
}
