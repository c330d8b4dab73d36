public import DaxText

extension Report {
    /// The report as JSON, its members always in the same order; docs/report.md describes each.
    public var json: JSON {
        .object([
            .init("schema", .string(Report.schema)),
            .init("verdict", .string(verdict.rawValue)),
            .init("exit", .number(UInt64(verdict.exitStatus))),
            .init("fs", .string(fs)),
            .init("kernel", .optional(kernel.map { .string($0) })),
            .init("seed", .string(seed.description)),
            .init("duration_s", .double(duration)),
            .init("dax", .bool(dax.isComplete)),
            .init("operations", .counters(operations)),
            .init(
                "faults",
                .object([
                    .init("pte", .number(faults.pte)), .init("pmd", .number(faults.pmd)),
                ])),
            .init(
                "sigbus",
                .object([
                    .init("justified", .number(sigbus.justified)),
                    .init("unjustified", .number(sigbus.unjustified)),
                    .init("missing", .number(sigbus.missing)),
                ])),
            .init("overlaps", .counters(overlaps)),
            .init("words_checked", .number(checks.words)),
            .init("violations", .array(violations.map(\.json))),
            .init("time_to_first_violation_s", .optional(timeToFirstViolation.map { .double($0) })),
            .init("violations_total", .number(violationsTotal)),
            .init("vacuity", .array(vacuity.map { .string($0) })),
            .init("notes", .array(notes.map { .string($0) })),
            .init("machine", .optional(machine?.json)),
            .init("actors", .array(actors.map(\.json))),
            .init(
                "latency", .object(latency.sorted { $0.key < $1.key }.map { .init($0, $1.json) })),
            .init(
                "checks",
                .object([
                    .init("words", .number(checks.words)), .init("bytes", .number(checks.bytes)),
                    .init("dax_files", .number(dax.files)), .init("dax_statx", .number(dax.statx)),
                    .init("dax_map_sync", .number(dax.mapSync)),
                ])),
        ])
    }
}

extension Violation {
    var json: JSON {
        .object([
            .init("rule", .string(rule)), .init("file", .string(file)),
            .init("offset", .number(offset)), .init("expected", .string(expected)),
            .init("observed", .string(observed)),
            .init("operations", .array(operations.map { .string($0) })),
            .init("story", .string(story)),
        ])
    }
}

extension MachineFacts {
    var json: JSON {
        .object([
            .init("accel", .string(acceleration)), .init("qemu", .string(qemuVersion)),
            .init("cpus", .number(cpus)), .init("memory_bytes", .number(memory.bytes)),
            .init("pmem_bytes", .number(pmem.bytes)),
            .init("initramfs_bytes", .number(initramfs.bytes)),
            .init("command_line", .string(commandLine)),
        ])
    }
}

extension ActorFacts {
    var json: JSON {
        .object([
            .init("name", .string(name)), .init("role", .string(role)),
            .init("count", .number(count)),
        ])
    }
}

extension Latency {
    var json: JSON {
        .object([
            .init("p50_ns", .number(p50)), .init("p90_ns", .number(p90)),
            .init("p99_ns", .number(p99)), .init("max_ns", .number(max)),
        ])
    }
}
