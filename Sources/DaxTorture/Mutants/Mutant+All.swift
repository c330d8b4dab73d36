import DaxModel

extension Mutant {
    /// Every mutant there is. The edges were read off Debian's modules of 6.1, 6.12 and 7.3
    /// (ext4's of the generic flavour; the cloud flavour has it built in).
    package static let all: [Mutant] = ext4 + xfs

    static func v(_ major: Int, _ minor: Int) -> ClosedRange<KernelVersion> {
        KernelVersion(major, minor)...KernelVersion(major, minor)
    }

    // The ranges of kernels that were looked at. Where places are counted (`Edge.CallSites`), only
    // versions of their own will do.

    static let upToSixTwelve = KernelVersion(6, 1)...KernelVersion(6, 12)
    static let sinceSixTwelve = KernelVersion(6, 12)...KernelVersion(7, 3)
    static let sinceSixOne = KernelVersion(6, 1)...KernelVersion(7, 3)

    /// A recipe for a range of kernels.
    static func on(_ kernels: ClosedRange<KernelVersion>, _ edges: Edge...) -> Recipe {
        Recipe(kernels: kernels, edges: edges)
    }

    /// The edges of both, on the kernels that both know.
    static func merged(_ a: [Recipe], _ b: [Recipe]) -> [Recipe] {
        a.flatMap { first in
            b.compactMap { second in
                let lower = max(first.kernels.lowerBound, second.kernels.lowerBound)
                let upper = min(first.kernels.upperBound, second.kernels.upperBound)
                guard lower <= upper else { return nil }
                return Recipe(kernels: lower...upper, edges: first.edges + second.edges)
            }
        }
    }
}
