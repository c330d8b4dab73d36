import DaxSystem

/// The kernels of a directory, one an entry, in the order of their names, in which 10 comes after 9.
package struct KernelDirectory {
    package let names: [String]
    private let files: [String: KernelFiles]

    /// Of a directory, or of files and directories in the order in which they are given.
    package init(_ paths: [String]) throws(KernelsError) {
        var entries: [(name: String, path: String)]
        if paths.count == 1, Files.kind(paths[0]) == .directory,
            let names = try? Files.names(in: paths[0])
        {
            entries = names.filter { !$0.hasPrefix(".") }.map { ($0, "\(paths[0])/\($0)") }
            entries.sort { KernelDirectory.precedes($0.name, $1.name) }
        } else {
            entries = paths.map { (KernelDirectory.name(of: $0), $0) }
        }
        var files: [String: KernelFiles] = [:]
        for entry in entries {
            let found = try KernelDirectory.files(at: entry.path)
            guard files.updateValue(found, forKey: entry.name) == nil else {
                throw KernelsError("two kernels are called \(entry.name)")
            }
        }
        guard entries.count > 1 else {
            throw KernelsError("there are no two kernels to be between")
        }
        names = entries.map(\.name)
        self.files = files
    }

    package subscript(name: String) -> KernelFiles? { files[name] }

    /// What a kernel is called whose path was given: it is a directory's name, too.
    private static func name(of path: String) -> String {
        path.split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: "_")
    }

    /// A file is a kernel. A directory is as packages install it (boot/vmlinuz-RELEASE and
    /// lib/modules/RELEASE), or a tree in which one was built.
    package static func files(at path: String) throws(KernelsError) -> KernelFiles {
        switch Files.kind(path) {
        case .regular: return KernelFiles(image: path, modules: nil)
        case .directory: break
        default: throw KernelsError("\(path) is neither a kernel nor a directory with one")
        }
        let installed = ((try? Files.names(in: "\(path)/boot")) ?? []).filter {
            $0.hasPrefix("vmlinuz-")
        }
        let places =
            installed.map { "boot/\($0)" } + ["bzImage", "vmlinuz", "arch/x86/boot/bzImage"]
        let images = places.map { "\(path)/\($0)" }.filter { Files.kind($0) == .regular }
        guard let image = images.first else {
            throw KernelsError(
                "\(path) has no boot/vmlinuz-RELEASE, bzImage, vmlinuz or arch/x86/boot/bzImage")
        }
        guard images.count == 1 else {
            throw KernelsError(
                "\(path) has more than one kernel: \(images.joined(separator: ", "))")
        }
        let releases = (try? Files.names(in: "\(path)/lib/modules")) ?? []
        guard releases.count < 2 else {
            throw KernelsError("\(path)/lib/modules has more than one release")
        }
        return KernelFiles(
            image: image, modules: releases.first.map { "\(path)/lib/modules/\($0)" })
    }

    /// Numbers in names are compared as numbers: `6.9` comes before `6.10`.
    package static func precedes(_ a: String, _ b: String) -> Bool {
        let (a, b) = (parts(of: a), parts(of: b))
        for (one, other) in zip(a, b) where one != other {
            if let number = Int(one), let second = Int(other), number != second {
                return number < second
            }
            return one < other
        }
        return a.count < b.count
    }

    /// `6.10-rc1` as `6`, `.`, `10`, `-rc`, `1`.
    private static func parts(of name: String) -> [String] {
        var parts: [String] = []
        for character in name {
            if let last = parts.last?.last, last.isNumber == character.isNumber {
                parts[parts.count - 1].append(character)
            } else {
                parts.append(String(character))
            }
        }
        return parts
    }
}

/// Why there is nothing to bisect.
package struct KernelsError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
