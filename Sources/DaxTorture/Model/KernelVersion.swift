/// The first two numbers of a kernel release: what decides which functions call which.
package struct KernelVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// 6 in 6.1.0-50-amd64.
    package var major: Int
    /// 1 in 6.1.0-50-amd64.
    package var minor: Int

    /// The version `major.minor`.
    package init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// The version of a release as uname(2) and /lib/modules name it; nil for anything else.
    package init?(release: some StringProtocol) {
        let numbers = release.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard numbers.count >= 2, let major = Int(numbers[0]),
            let minor = Int(numbers[1].prefix { $0.isASCII && $0.isNumber }),
            major >= 0
        else { return nil }
        self.init(major, minor)
    }

    /// Older before newer.
    package static func < (a: KernelVersion, b: KernelVersion) -> Bool {
        (a.major, a.minor) < (b.major, b.minor)
    }

    /// As it is written: 6.1.
    package var description: String { "\(major).\(minor)" }
}
