package import DaxSystem

extension Mount {
    /// The mount that a directory is in; nil where none is.
    package static func containing(
        _ directory: String, _ roots: Roots = Roots()
    ) throws(SystemError) -> Mount? {
        let path = try Files.canonical(directory)
        let above = try all(roots).filter { mount in
            mount.directory == "/" || path == mount.directory
                || path.hasPrefix(mount.directory + "/")
        }
        // Of several on one directory the last covers the others.
        return above.enumerated().max {
            ($0.element.directory.count, $0.offset) < ($1.element.directory.count, $1.offset)
        }?.element
    }

    /// Whether a filesystem on its device can be on DAX.
    package func isDeviceDAX(_ roots: Roots = Roots()) -> Answer<Bool> {
        SysBlock(directory: "\(roots.sys)/dev/block/\(device)").isDAX
    }
}
