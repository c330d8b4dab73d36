internal import DaxModel
import DaxSystem
public import DaxText

extension Report {
    /// The report as JSON, its members always in the same order; docs/report.md describes each.
    public var json: JSON {
        [
            "schema": .string(Report.schema),
            "verdict": .string(verdict.rawValue),
            "exit": .number(UInt64(verdict.exitStatus.rawValue)),
            "fs": .string(fs),
            "kernel": .optional(kernel.map { .string($0) }),
            "seed": .string(seed.description),
            "duration_s": .double(duration),
            "interrupted": .optional(interruption?.json),
            "dax": .bool(dax.isComplete),
            "dax_mode": .string(daxMode),
            "operations": .counters(operations),
            "operations_failed": .object(
                operationsFailed.sorted { $0.key < $1.key }.map { .init($0, .counters($1)) }),
            "faults": [
                "pte": .number(faults.pte), "pmd": .number(faults.pmd),
                "pmd_fallback": .number(faults.fellBack),
            ],
            "sigbus": [
                "justified": .number(sigbus.justified),
                "unjustified": .number(sigbus.unjustified),
                "missing": .number(sigbus.missing),
                "poisoned": .number(sigbus.poisoned),
                "no_space": .number(sigbus.noSpace),
                "taken": .number(sigbus.taken),
            ],
            "overlaps": .counters(overlaps),
            "words_checked": .number(checks.words),
            "violations": .array(violations.map(\.json)),
            "time_to_first_violation_s": .optional(timeToFirstViolation.map { .double($0) }),
            "violations_total": .number(violationsTotal),
            "vacuity": .strings(vacuity),
            "notes": .strings(notes),
            "differential": .optional(differential?.json),
            "machine": .optional(machine?.json),
            "actors": .array(actors.map(\.json)),
            "processes": processes.json,
            "latency": .object(latency.sorted { $0.key < $1.key }.map { .init($0, $1.json) }),
            "checks": [
                "words": .number(checks.words),
                "bytes": .number(checks.bytes),
                "epochs": .number(checks.epochs),
                "dax_files": .number(dax.files),
                "dax_statx": .number(dax.statx),
                "dax_map_sync": .number(dax.mapSync),
            ],
            "space": .optional(space?.json),
            "memory": memory.json,
            "coverage": .array(coverage.map(\.json)),
            "power": power.json,
            "decided": decided.json,
            "clock": .optional(clock?.json),
        ]
    }
}

extension Violation {
    var json: JSON {
        [
            "rule": .string(rule.description), "file": .string(file), "offset": .number(offset),
            "expected": .string(expected), "observed": .string(observed),
            "operations": .strings(operations), "story": .string(story),
        ]
    }
}

extension SpaceFacts {
    var json: JSON { ["baseline_bytes": .number(baseline), "after_bytes": .number(after)] }
}

extension MemoryFacts {
    var json: JSON {
        [
            "budget_bytes": .number(budget), "logs_bytes": .number(logs),
            "judge_bytes_peak": .number(judgePeak),
        ]
    }
}

extension MachineFacts {
    var json: JSON {
        [
            "accel": .string(acceleration), "qemu": .string(qemuVersion), "cpus": .number(cpus),
            "memory_bytes": .number(memory.bytes), "pmem_bytes": .number(pmem.bytes),
            "pmem_device": .string(device), "pmem_map": .string(map),
            "initramfs_bytes": .number(initramfs.bytes), "command_line": .string(commandLine),
            "seed": .optional(seed.map { .string($0.description) }),
            "sha256": .optional(digests?.json),
        ]
    }
}

extension MachineDigests {
    var json: JSON {
        [
            "kernel": .string(kernel), "qemu": .string(qemu), "initramfs": .string(initramfs),
            "modules": .object(
                modules.sorted { $0.key < $1.key }.map { .init($0, .string($1)) }),
        ]
    }
}

extension ActorFacts {
    var json: JSON { ["name": .string(name), "role": .string(role), "count": .number(count)] }
}

extension Latency {
    var json: JSON {
        [
            "p50_ns": .number(p50), "p90_ns": .number(p90), "p99_ns": .number(p99),
            "max_ns": .number(max),
        ]
    }
}
