package import DaxDevices
import DaxSystem

/// Whether files in a directory are on DAX, and if not, why.
package struct MountDoctor {
    let directory: String
    let roots: Roots

    package init(_ directory: String, roots: Roots = Roots()) {
        (self.directory, self.roots) = (directory, roots)
    }

    /// From the filesystem down to a file that is made there, without a name, and mapped.
    package func diagnoses() -> [Diagnosis] {
        let mount: Mount
        do throws(SystemError) {
            guard Files.kind(directory) == .directory else {
                return [
                    .missing(
                        "directory", "\(directory) is not a directory", mend: "mkdir \(directory)",
                        essential: true)
                ]
            }
            guard let found = try Mount.containing(directory, roots) else {
                return [
                    .broken(
                        "mount", "no mount holds \(directory)", mend: "mount -t proc proc /proc",
                        essential: true)
                ]
            }
            mount = found
        } catch {
            return [.broken("mount", "\(error)", mend: "mount -t proc proc /proc", essential: true)]
        }
        let known = ["ext4", "xfs"]
        guard known.contains(mount.type) else {
            return [
                .broken(
                    "filesystem",
                    "\(mount.directory) is \(mount.type) on \(mount.source); only ext4 and xfs are tested on DAX",
                    mend: "daxtorture devices (which pmem there is); mkfs.ext4 or mkfs.xfs on that",
                    essential: true)
            ]
        }
        return [.ok("filesystem", "\(mount.type) on \(mount.source), \(mount.directory)")]
            + [device(mount), blocks(mount)]
            // To mount what cannot be on DAX in another way would mend nothing.
            + (mount.isDeviceDAX(roots) == .known(true) ? [option(mount)] : []) + [file(mount)]
    }

    private func device(_ mount: Mount) -> Diagnosis {
        switch mount.isDeviceDAX(roots) {
        case .known(true): return .ok("device", "\(mount.source) can be on DAX (queue/dax)")
        case .known(false):
            return .broken(
                "device", "\(mount.source) is no memory, or has no struct pages (queue/dax is 0)",
                mend:
                    "daxtorture devices lists pmem; of a namespace: sudo ndctl create-namespace -f -m "
                    + "fsdax -e NAMESPACE",
                essential: true)
        case .absent(let reason):
            return .broken(
                "device", "\(mount.source): \(reason)", mend: "daxtorture devices lists pmem",
                essential: true)
        }
    }

    /// DAX maps whole blocks.
    private func blocks(_ mount: Mount) -> Diagnosis {
        let size = (try? Filesystem.blockSize(mount.directory)) ?? 0
        if size == 4096 { return .ok("blocks", "4096 bytes, as a page") }
        let tool = mount.type == "ext4" ? "mkfs.ext4 -b 4096" : "mkfs.xfs -b size=4096"
        return .broken(
            "blocks", "\(size) bytes, and a page has 4096: the kernel refuses DAX",
            mend:
                "sudo umount \(mount.directory) && sudo \(tool) \(mount.source), which destroys what "
                + "is there",
            essential: true)
    }

    /// No remount changes it.
    private func option(_ mount: Mount) -> Diagnosis {
        let again =
            "sudo umount \(mount.directory) && sudo mount -o dax=always \(mount.source) "
            + mount.directory
        switch mount.options.last(where: { $0 == "dax" || $0.hasPrefix("dax=") }) {
        case "dax", "dax=always": return .ok("option", "dax=always: every file")
        case "dax=never": return .broken("option", "dax=never", mend: again)
        case "dax=inode", nil:
            return .missing(
                "option",
                "dax=inode: only files with FS_XFLAG_DAX, which new ones inherit from their directory",
                mend: "\(again); or: xfs_io -c 'chattr +x' \(directory)")
        case let other?: return .broken("option", other, mend: again)
        }
    }

    private func file(_ mount: Mount) -> Diagnosis {
        do throws(SystemError) {
            let file = try File(unnamedIn: directory)
            try file.truncate(to: 4096)
            guard try file.status().isDAX else {
                return .broken(
                    "file", "a new file here is not on DAX (statx gives no STATX_ATTR_DAX)",
                    mend: exclusion(mount)
                        ?? "what is above; sudo dmesg | grep -i dax says what the kernel "
                        + "thinks of it",
                    essential: true)
            }
            guard file.acceptsMapSync else {
                return .broken(
                    "file", "a new file here is on DAX, and cannot be mapped by MAP_SYNC",
                    mend: "pmem that flushes by itself: virtio-pmem does not")
            }
            return .ok("file", "a new file here is on DAX, and can be mapped by MAP_SYNC")
        } catch {
            return .broken(
                "file", "\(error): whether a file here is on DAX cannot be told",
                mend: "run as who may write there", essential: true)
        }
    }

    /// What keeps the files of ext4 from DAX, whatever else is right; nil if nothing that is known.
    private func exclusion(_ mount: Mount) -> String? {
        mount.options.contains("data=journal")
            ? "mount without data=journal, which excludes DAX" : nil
    }
}
