package import DaxText

/// What a benchmark of one kernel and filesystem measured.
package struct BenchReport: Sendable {
    /// The name and version of the JSON form.
    package static let schema = "daxtorture-bench-2"

    package var kernel = ""
    package var filesystem = ""
    package var cpus: UInt64 = 0
    package var faults: [PointResult] = []
    package var instructions: [InstructionBench.Count] = []
    package var curves: [CostCurve] = []

    package init() {}

    /// docs/price.md describes it.
    package var json: JSON {
        .object([
            .init("schema", .string(BenchReport.schema)), .init("kernel", .string(kernel)),
            .init("fs", .string(filesystem)), .init("cpus", .number(cpus)),
            .init("faults", .array(faults.map(\.json))),
            .init("instructions", .array(instructions.map(\.json))),
            .init("curves", .array(curves.map(\.json))),
        ])
    }

    /// Reads what ``json`` wrote; nil where it is no such thing.
    package init?(_ json: JSON) {
        guard json["schema"]?.string == BenchReport.schema,
            let kernel = json["kernel"]?.string, let fs = json["fs"]?.string,
            let cpus = json["cpus"]?.count, let faults = json["faults"]?.values,
            let instructions = json["instructions"]?.values, let curves = json["curves"]?.values
        else { return nil }
        (self.kernel, filesystem, self.cpus) = (kernel, fs, cpus)
        self.faults = faults.compactMap(PointResult.init)
        self.instructions = instructions.compactMap(InstructionBench.Count.init)
        self.curves = curves.compactMap(CostCurve.init)
        guard self.faults.count == faults.count, self.curves.count == curves.count,
            self.instructions.count == instructions.count
        else { return nil }
    }
}

extension PointResult {
    fileprivate var json: JSON {
        .object([
            .init("path", .string(point.path.rawValue)),
            .init("size", .string(point.size.rawValue)),
            .init("threads", .number(UInt64(point.threads))),
            .init("sharing", .string(point.sharing.rawValue)),
            .init("beside", .string(point.beside.rawValue)),
            .init("faults_per_second", .array(rates.map { .double($0) })),
            .init("latency_ns", .array(latencies.map { .number($0) })),
            .init("changes_per_second", .array(changes.map { .double($0) })),
        ])
    }

    fileprivate init?(_ json: JSON) {
        guard let path = json["path"]?.string.flatMap(FaultPath.init(rawValue:)),
            let size = json["size"]?.string.flatMap(MappingSize.init(rawValue:)),
            let threads = json["threads"]?.count, threads > 0, threads < 1 << 16,
            let sharing = json["sharing"]?.string.flatMap(Sharing.init(rawValue:)),
            let beside = json["beside"]?.string.flatMap(Beside.init(rawValue:))
        else { return nil }
        self.init(BenchPoint(path, size, threads: Int(threads), sharing, beside: beside))
        rates = json["faults_per_second"]?.values?.compactMap(\.number) ?? []
        latencies = json["latency_ns"]?.values?.compactMap(\.count) ?? []
        changes = json["changes_per_second"]?.values?.compactMap(\.number) ?? []
    }
}

extension InstructionBench.Count {
    fileprivate var json: JSON {
        .object([
            .init("path", .string(name)), .init("usual", .number(usual)),
            .init("share", .number(share)), .init("of", .number(of)),
            .init("least", .number(least)), .init("median", .number(median)),
            .init("most", .number(most)),
        ])
    }

    fileprivate init?(_ json: JSON) {
        guard let name = json["path"]?.string, let usual = json["usual"]?.count,
            let share = json["share"]?.count, let of = json["of"]?.count,
            let least = json["least"]?.count, let median = json["median"]?.count,
            let most = json["most"]?.count
        else { return nil }
        self.init(
            name: name, usual: usual, share: share, of: of, least: least, median: median, most: most
        )
    }
}
