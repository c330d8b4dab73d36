import DaxText

extension BenchReport {
    /// The tables, for a terminal. Where `cpus` are fewer than threads that is marked.
    package var text: String {
        var text = ""
        if !faults.isEmpty {
            text += Layout.table(
                [
                    "fault", "threads", "sharing", "beside", "faults/s", "spread", "p50 us", "p99",
                    "p99.9", "max", "changes/s",
                ],
                faults.map { row($0) }, left: [0, 2, 3])
        }
        if !instructions.isEmpty {
            if !text.isEmpty { text += "\n" }
            text += Layout.table(
                ["path", "instructions", "share", "least", "median", "most"],
                instructions.map { one in
                    [
                        one.name, "\(one.usual)", "\(one.share)/\(one.of)", "\(one.least)",
                        "\(one.median)", "\(one.most)",
                    ]
                })
        }
        if !curves.isEmpty {
            if !text.isEmpty { text += "\n" }
            text += CostCurve.table(curves)
        }
        return text
    }

    /// A line for each figure: kernel, filesystem, what, unit, value.
    package var csv: String {
        func line(_ what: String, _ unit: String, _ value: String) -> String {
            "\(kernel),\(filesystem),\"\(what)\",\(unit),\(value)\n"
        }
        var text = ""
        for one in faults {
            let point = one.point
            let what =
                "\(point.path.rawValue) \(point.size.rawValue); \(point.threads) threads; "
                + "\(point.sharing.rawValue); \(point.beside.rawValue)"
            for rate in one.rates { text += line(what, "faults/s", "\(rate)") }
            for (percentile, value) in zip(PointResult.percentiles, one.latencies) {
                text += line(what, "p\(percentile) ns", "\(value)")
            }
            for change in one.changes where point.beside != .nobody {
                text += line(what, "changes/s", "\(change)")
            }
        }
        for one in instructions { text += line(one.name, "instructions", "\(one.usual)") }
        for one in curves {
            for point in one.points {
                text += line(
                    "\(one.call); \(point.count) \(one.by)", "instructions",
                    "\(point.instructions)")
            }
        }
        return text
    }

    private func row(_ one: PointResult) -> [String] {
        let point = one.point
        let isCrowded = UInt64(point.threads) + (point.beside == .nobody ? 0 : 1) > cpus
        return [
            "\(point.path.rawValue) \(point.size.rawValue)",
            "\(point.threads)\(isCrowded ? "*" : "")",
            point.threads == 1 && point.beside == .nobody ? "" : point.sharing.rawValue,
            point.beside == .nobody ? "" : point.beside.rawValue,
            Self.rounded(one.rates.median), Self.spread(one.rates),
            Self.microseconds(one.latencies, 0), Self.microseconds(one.latencies, 2),
            Self.microseconds(one.latencies, 3), Self.microseconds(one.latencies, 5),
            point.beside == .nobody ? "" : Self.rounded(one.changes.median),
        ]
    }

    static func rounded(_ value: Double?) -> String {
        guard let value else { return "-" }
        return "\(Int(value.rounded()))"
    }

    /// Half the distance between the least and the most, in per cent of the median.
    private static func spread(_ values: [Double]) -> String {
        guard let median = values.median, median > 0 else { return "-" }
        return "\(Int(((values.max()! - values.min()!) / 2 / median * 100).rounded())) %"
    }

    private static func microseconds(_ nanoseconds: [UInt64], _ index: Int) -> String {
        guard index < nanoseconds.count else { return "-" }
        let tenths = (nanoseconds[index] + 50) / 100
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension [Double] {
    /// Of an even number of values the upper of the two in the middle; nil of none.
    package var median: Double? { isEmpty ? nil : sorted()[count / 2] }
}
