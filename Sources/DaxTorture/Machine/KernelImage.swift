internal import DaxSystem

/// A kernel that QEMU can boot, and what its own header says of it.
package struct KernelImage: Equatable, Sendable {
    /// The bzImage or vmlinuz.
    package var path: String
    /// What `uname -r` will print, as the image's header names it.
    package var release: String

    /// Reads the header of an image.
    package init(path: String) throws(MachineError) {
        let head: [UInt8]
        do throws(SystemError) {
            head = try HostFile.reading(path).read(limit: 1 << 16)
        } catch {
            throw .notAKernel(path: path, reason: error.reason)
        }
        guard let release = KernelImage.release(inHeader: head) else {
            throw .notAKernel(path: path, reason: "it has no Linux boot header")
        }
        self.path = path
        self.release = release
    }

    /// Throws where the file is shorter than its header says (boot.rst: setup_sects at 0x1f1, syssize,
    /// in units of 16 bytes, at 0x1f4): such a kernel hangs or dies, and nobody says why.
    package func checkLength() throws(MachineError) {
        let (head, size) = try onHost { () throws(SystemError) in
            let file = try HostFile.reading(path)
            return (try file.read(limit: 0x250), try file.size())
        }
        let (sectors, paragraphs) = (
            KernelImage.number(head, 0x1f1, 1), KernelImage.number(head, 0x1f4, 4)
        )
        let whole = ((sectors == 0 ? 4 : sectors) + 1) * 512 + paragraphs * 16
        guard paragraphs == 0 || size >= whole else {
            throw .notAKernel(
                path: path, reason: "it is damaged: \(size) bytes of \(whole) are there")
        }
    }

    /// A little-endian number in an image's header.
    static func number(_ image: [UInt8], _ at: Int, _ count: Int) -> Int {
        image[at..<at + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// The release in the first bytes of an image (Documentation/arch/x86/boot.rst: "HdrS" at
    /// 0x202, and at 0x20e the place of the version string, counted from 0x200).
    static func release(inHeader head: [UInt8]) -> String? {
        guard head.count > 0x210, head[0x202..<0x206] == [0x48, 0x64, 0x72, 0x53] else {
            return nil
        }
        let at = 0x200 + Int(head[0x20e]) + Int(head[0x20f]) << 8
        guard at > 0x210, at < head.count else { return nil }
        let release = head[at...].prefix { $0 > 0x20 && $0 < 0x7f }
        return release.isEmpty ? nil : String(decoding: release, as: UTF8.self)
    }
}

/// A kernel with the directory its modules are in.
package struct InstalledKernel: Equatable, Sendable {
    package var image: KernelImage
    /// As /lib/modules/RELEASE is; nil: everything that is needed is built in.
    package var modules: String?

    /// The kernel that the user named, with the modules directory that the user named. A directory in
    /// place of an image is a kernel tree, or one as the cache has them, and brings its own modules.
    package init(kernel: String, modules: String?) throws(MachineError) {
        if Files.kind(kernel) == .directory {
            self = try InstalledKernel(in: kernel, modules: modules)
            return
        }
        image = try KernelImage(path: kernel)
        self.modules = modules
    }

    private init(image: KernelImage, modules: String) {
        self.image = image
        self.modules = modules
    }

    /// The kernel to boot when none is named.
    ///
    /// The rule: an installed kernel (/boot/vmlinuz-R with /lib/modules/R), else one from the
    /// cache (`cache`/kernels/R/boot/vmlinuz-R with kernels/R/lib/modules/R). Of several in the
    /// cache, one of the version that `cache`/kernels/default points to, so that a kernel which
    /// was fetched to be looked at does not become everybody's; then one of Debian's cloud
    /// flavour, which is small and boots fast; then the newest by the numbers in its release; then
    /// the last by name. Images that cannot be read are passed over, and, where
    /// `module` is named, those that have it built in.
    package static func find(
        cache: String, withModule module: String? = nil, root: String = ""
    ) throws(MachineError) -> InstalledKernel {
        let places = [root] + kernelRoots(cache: cache)
        for (candidates, isCache) in [(places.prefix(1), false), (places.dropFirst(), true)] {
            // What the cache means to be booted is not passed over in silence.
            if isCache { try checkDefault(cache: cache) }
            let kernels = candidates.flatMap { installed(under: $0) }.filter { kernel in
                guard let module else { return true }
                return (try? KernelModules(directory: kernel.modules!))?.hasFile(of: module) == true
            }
            let preferred = kernels.filter {
                version(of: $0.image.release) == defaultVersion(cache: cache)
            }
            if let best = (preferred.isEmpty ? kernels : preferred)
                .max(by: { precedes($0.image.release, $1.image.release) })
            {
                return best
            }
        }
        throw .noKernel(
            looked: ["\(root)/boot/vmlinuz-*", "\(cache)/kernels/*/boot/vmlinuz-*"], module: module)
    }

    /// The first two numbers of a release: [6, 1].
    private static func version(of release: String) -> [Int] {
        Array(numbers(in: release).prefix(2))
    }

    private static func defaultVersion(cache: String) -> [Int]? {
        guard let path = try? Files.canonical("\(cache)/kernels/\(defaultLink)") else { return nil }
        return version(of: path.split(separator: "/").last.map(String.init) ?? "")
    }

    /// Throws where the image that `cache`/kernels/default stands for is there and is none.
    private static func checkDefault(cache: String) throws(MachineError) {
        guard let root = try? Files.canonical("\(cache)/kernels/\(defaultLink)"),
            let release = root.split(separator: "/").last
        else { return }
        let image = "\(root)/boot/vmlinuz-\(release)"
        if Files.exists(image) { _ = try KernelImage(path: image) }
    }

    /// The directories in the cache that hold a kernel each, the link to the default one among them.
    static func kernelRoots(cache: String) -> [String] {
        ((try? Files.names(in: "\(cache)/kernels")) ?? []).map { "\(cache)/kernels/\($0)" }
    }

    /// The name of that link.
    static let defaultLink = "default"

    /// The kernels of a root directory that can be booted.
    static func installed(under root: String) -> [InstalledKernel] {
        images(under: root).compactMap { try? $0.get() }
    }

    /// Each image of a root directory with its modules, or what is wrong with it: boot/vmlinuz-RELEASE,
    /// and where that is not there lib/modules/RELEASE/vmlinuz, as some distributions have it.
    static func images(under root: String) -> [Result<InstalledKernel, MachineError>] {
        let boot = ((try? Files.names(in: "\(root)/boot")) ?? []).filter {
            $0.hasPrefix("vmlinuz-")
        }
        let beside = ((try? Files.names(in: "\(root)/lib/modules")) ?? []).filter {
            !boot.contains("vmlinuz-\($0)")
                && Files.kind("\(root)/lib/modules/\($0)/vmlinuz") == .regular
        }
        return
            (boot.map { "\(root)/boot/\($0)" }
            + beside.map { "\(root)/lib/modules/\($0)/vmlinuz" }).map { path in
                Result { () throws(MachineError) in
                    let image = try KernelImage(path: path)
                    let modules = "\(root)/lib/modules/\(image.release)"
                    guard Files.kind(modules) == .directory else {
                        throw .noModules(directory: modules)
                    }
                    return InstalledKernel(image: image, modules: modules)
                }
            }
    }

    /// Whether `a` is a worse choice than `b`.
    static func precedes(_ a: String, _ b: String) -> Bool {
        let cloud = (a.contains("-cloud"), b.contains("-cloud"))
        if cloud.0 != cloud.1 { return cloud.1 }
        let numbers = (self.numbers(in: a), self.numbers(in: b))
        if numbers.0 != numbers.1 { return numbers.0.lexicographicallyPrecedes(numbers.1) }
        return a < b
    }

    private static func numbers(in release: String) -> [Int] {
        release.split { !("0"..."9").contains($0) }.compactMap { Int($0) }
    }
}
