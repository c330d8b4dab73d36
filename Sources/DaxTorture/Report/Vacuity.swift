extension Report {
    /// Why a clean verdict on these figures would be worth nothing, one sentence each; empty when
    /// the run exercised what it claims.
    ///
    /// Asked for is whatever is listed among `operations` and `overlaps`, be it with 0.
    package func vacuityReasons() -> [String] {
        interruptionReasons() + daxReasons() + faultReasons() + sigbusReasons() + operationReasons()
            + overlapReasons()
            + (crash?.checked == 0 ? ["nothing that a power cut left was checked"] : [])
            + (checks.words == 0 ? ["nothing was checked"] : [])
    }

    private func daxReasons() -> [String] {
        if dax.files == 0 { return ["no file was tested"] }
        if isWithoutDAX { return [Report.isNotDAX] }
        var reasons: [String] = []
        if dax.statx < dax.files {
            reasons.append("statx shows DAX on \(dax.statx) of \(dax.files) files only")
        }
        if let mapSync = dax.mapSync, mapSync < dax.files {
            reasons.append("MAP_SYNC was accepted on \(mapSync) of \(dax.files) files only")
        }
        return reasons
    }

    /// The page cache's faults pass no tracepoint of fs_dax.
    private func faultReasons() -> [String] {
        if isWithoutDAX { return [] }
        return (faults.pte == 0 ? ["no PTE fault happened"] : [])
            + (faults.pmd == 0 ? ["no PMD fault happened"] : [])
    }

    /// A fault that got lost on its way to the oracle is an error of the harness.
    private func sigbusReasons() -> [String] {
        if sigbus.taken == sigbus.accounted { return [] }
        return [
            "the harness is wrong: actors took \(sigbus.taken) SIGBUS, and the oracle accounted "
                + "for \(sigbus.accounted)"
        ]
    }

    private func operationReasons() -> [String] {
        if operations.isEmpty { return ["no operation happened"] }
        return operations.filter { $0.value == 0 }.keys.sorted().map {
            "no \($0) operation happened"
        }
    }

    private func overlapReasons() -> [String] {
        overlaps.filter { $0.value == 0 }.keys.sorted().map { "no overlap of \($0) happened" }
            + (processes.overlaps == 0 ? ["no overlap between two processes happened"] : [])
    }
}
