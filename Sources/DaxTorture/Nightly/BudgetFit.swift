/// How long the runs that are left may be, so that all of them fit into the time that is left.
package struct BudgetFit: Hashable, Sendable {
    /// Seconds of actors' time in each run: below ``least`` nothing is exercised.
    package var duration: Double
    /// How many of the runs, from the first on, there is time for.
    package var count: Int

    /// The shortest duration that is worth a machine, in seconds.
    package static let least = 15.0

    /// `costs` are those of the runs in their order, `jobs` of which run side by side; `seconds` is the time
    /// that is left for them.
    package init(_ costs: [RunCosts.Cost], seconds: Double, jobs: Int) {
        let room = seconds * Double(max(1, jobs))
        var (fixed, ratio, count) = (0.0, 0.0, 0)
        for cost in costs {
            guard fixed + cost.fixed + (ratio + cost.ratio) * BudgetFit.least <= room else { break }
            fixed += cost.fixed
            ratio += cost.ratio
            count += 1
        }
        self.count = count
        duration = count > 0 ? max(BudgetFit.least, (room - fixed) / ratio) : BudgetFit.least
    }
}
