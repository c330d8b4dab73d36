import DaxProve
import DaxSystem

/// A kernel of Debian's as ci/fetch-kernel knows it: 6.1-cloud, 6.12-generic, or a release in full.
package struct KernelName: Hashable, Sendable {
    package let text: String

    /// Nil for what is none of these.
    package init?(_ text: String) {
        let isOne = ["-cloud", "-generic", "-amd64"].contains { text.hasSuffix($0) }
        guard isOne, text.first?.isNumber == true, PlannedRun.isName(text) else { return nil }
        self.text = text
    }

    /// Whether the name stands for that release.
    package func fits(_ release: String) -> Bool {
        if text.hasSuffix("-amd64") { return release == text }
        let isCloud = text.hasSuffix("-cloud")
        let version = text.dropLast(isCloud ? 6 : 8)
        let end = isCloud ? "-cloud-amd64" : "-amd64"
        guard release.hasPrefix("\(version)."), release.hasSuffix(end),
            release.utf8.count > version.utf8.count + 1 + end.utf8.count
        else { return false }
        // What is between them is 0-56, or 117+deb12, and no other flavour.
        let middle = release.dropFirst(version.count + 1).dropLast(end.count)
        let parts = middle.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        func isNumber(_ text: Substring) -> Bool {
            !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber }
        }
        return numbers.count <= 2 && numbers.allSatisfy(isNumber)
            && (parts.count == 1
                || !parts[1].isEmpty
                    && parts[1].allSatisfy { $0.isASCII && ($0.isNumber || $0.isLowercase) })
    }

    /// The newest such kernel in a cache, as its directory; nil where there is none.
    package func directory(inCache cache: String) -> String? {
        let releases = ((try? Files.names(in: "\(cache)/kernels")) ?? []).filter(fits)
        let newest = releases.max { KernelDirectory.precedes($0, $1) }
        return newest.map { "\(cache)/kernels/\($0)" }
    }
}
