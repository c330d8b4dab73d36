internal import DaxSystem
package import DaxText

/// A kernel that could be booted, and what is known of it.
package struct ListedKernel: Equatable, Sendable {
    /// Where it is.
    package enum Place: Equatable, Sendable {
        /// Installed on this host: the image.
        case installed(String)
        /// In the cache: the image.
        case cached(String)
        /// In an archive: the suite that has it.
        case offered(String)
    }

    /// What `uname -r` will print.
    package var release: String
    package var place: Place
    package var features: KernelFeatures?
    /// Whether it is the one that is booted where none is named.
    package var isDefault = false

    /// Debian's flavour of it: "cloud" is small and boots fast, "rt" is preempted anywhere, "generic" is
    /// neither; nil for a kernel that is not Debian's.
    package var flavour: String? {
        guard release.hasSuffix("-amd64") else { return nil }
        let words = release.split(separator: "-").dropLast().map(String.init)
        return ["cloud", "rt"].first { words.last == $0 } ?? "generic"
    }
}

/// The kernels that there are, and what kept some from being listed.
package struct KernelListing: Equatable, Sendable {
    /// The installed ones first, then the cached ones, then those that an archive offers and the cache
    /// has not.
    package private(set) var kernels: [ListedKernel] = []
    /// What could not be looked at, a line each.
    package private(set) var complaints: [String] = []

    /// The name and version of the JSON form.
    package static let schema = "daxtorture-kernels-1"

    /// Looks at this host and at the cache; `root` is not empty in tests alone.
    package init(cache: String, root: String = "") {
        let standard = (try? InstalledKernel.find(cache: cache, root: root))?.image
        let isStandardCached = standard?.path.hasPrefix("\(cache)/kernels/") == true
        let roots = InstalledKernel.kernelRoots(cache: cache).filter {
            !$0.hasSuffix("/\(InstalledKernel.defaultLink)")
        }
        for (directory, isCache) in [(root, false)] + roots.map({ ($0, true) }) {
            for found in InstalledKernel.images(under: directory) {
                switch found {
                case .success(let kernel):
                    let path = kernel.image.path
                    kernels.append(
                        ListedKernel(
                            release: kernel.image.release,
                            place: isCache ? .cached(path) : .installed(path),
                            features: kernel.features,
                            isDefault: standard?.release == kernel.image.release
                                && isStandardCached == isCache))
                case .failure(let error): complaints.append("\(error)")
                }
            }
        }
    }

    /// Adds what an archive offers: lines of a release, a tab, and the suite (ci/fetch-kernel --list).
    package mutating func add(offer text: String) {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 2 else { continue }
            if kernels.contains(where: { $0.release == fields[0] }) { continue }
            kernels.append(ListedKernel(release: fields[0], place: .offered(fields[1])))
        }
    }

    /// Says that something could not be looked at.
    package mutating func add(complaint: String) { complaints.append(complaint) }

    /// As a table.
    package var text: String {
        if kernels.isEmpty { return "no kernel: daxtorture fetch brings one\n" }
        let rows = kernels.map { kernel in
            [
                kernel.release + (kernel.isDefault ? " *" : ""), kernel.flavour ?? "-",
                kernel.location,
            ]
                + (kernel.features ?? KernelFeatures()).cells
        }
        let header = ["release", "flavour", "where"] + KernelFeatures.columns
        let note = kernels.contains { $0.isDefault } ? "* is booted where none is named\n" : ""
        return Layout.table(header, rows, left: Set(header.indices)) + note
    }

    /// As JSON: null for what is not known.
    package var json: JSON {
        [
            "schema": .string(KernelListing.schema), "kernels": .array(kernels.map(\.json)),
            "complaints": .strings(complaints),
        ]
    }
}

extension ListedKernel {
    fileprivate var location: String {
        switch place {
        case .installed: "installed"
        case .cached: "cached"
        case .offered(let suite): "offered by \(suite)"
        }
    }

    fileprivate var json: JSON {
        let (state, image, suite): (String, String?, String?) =
            switch place {
            case .installed(let path): ("installed", path, nil)
            case .cached(let path): ("cached", path, nil)
            case .offered(let suite): ("offered", nil, suite)
            }
        return .object(
            [
                JSON.Member("release", .string(release)),
                JSON.Member("flavour", .optional(flavour.map { .string($0) })),
                JSON.Member("state", .string(state)),
                JSON.Member("image", .optional(image.map { .string($0) })),
                JSON.Member("suite", .optional(suite.map { .string($0) })),
                JSON.Member("default", .bool(isDefault)),
            ] + (features ?? KernelFeatures()).members)
    }
}
