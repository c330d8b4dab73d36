package import DaxMachine

/// Whether a kernel that was configured so can be tortured (docs/kernels.md).
package enum ConfigDoctor {
    /// A line for each option that is not as it should be, and one for all the others.
    package static func diagnoses(_ config: KernelConfig, path: String) -> [Diagnosis] {
        let wrong = KernelNeed.all.compactMap { need -> Diagnosis? in
            guard let complaint = need.complaint(of: config) else { return nil }
            let finding = "CONFIG_\(need.option) \(complaint): \(need.purpose)"
            return need.weight == .required
                ? .broken(need.option, finding, mend: mend(need, path), essential: true)
                : .missing(need.option, finding, mend: mend(need, path))
        }
        let fine = KernelNeed.all.count - wrong.count
        return wrong + [
            .ok("config", "\(fine) of \(KernelNeed.all.count) options are as they should be")
        ]
    }

    private static func mend(_ need: KernelNeed, _ path: String) -> String {
        let how = need.canBeModule ? "-m" : "-e"
        return "scripts/config --file \(path) \(how) \(need.option) && make olddefconfig"
    }
}
