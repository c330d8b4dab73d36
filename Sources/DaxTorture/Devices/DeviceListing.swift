package import DaxText

extension Device {
    /// The name and version of the JSON form.
    package static let schema = "daxtorture-devices-1"

    /// The devices as a table, and under it why an entry is missing; one line of advice on a
    /// machine that has none.
    package static func listing(_ devices: [Device]) -> String {
        if devices.isEmpty {
            return "no pmem device and no DAX mount here; daxtorture boots a virtual machine with "
                + "emulated pmem by itself, or boot with memmap=1G!4G on the kernel command line\n"
        }
        let header = [
            "path", "kind", "size", "align", "node", "id", "unsafe shutdowns", "bad blocks",
            "granularity", "use",
        ]
        let table = Layout.table(header, devices.map(\.row), left: [0, 1, 5, 8, 9])
        let reasons = devices.map(\.reasons).joined()
        return table + (reasons.isEmpty ? "" : "\n" + reasons)
    }

    /// The devices as JSON: null for what is not known, and under `absent` why.
    package static func json(_ devices: [Device]) -> JSON {
        ["schema": .string(schema), "devices": .array(devices.map(\.json))]
    }

    private var row: [String] {
        func cell<Value>(_ answer: Answer<Value>, _ text: (Value) -> String) -> String {
            answer.value.map(text) ?? "-"
        }
        return [
            path, kind.rawValue, cell(size) { $0.description }, cell(alignment) { $0.description },
            cell(numaNode) { String($0) }, cell(deviceID) { $0 },
            cell(unsafeShutdowns) { $0.grouped },
            cell(badBlocks) { UInt64($0.count).grouped },
            cell(granularity) { $0.rawValue }, use,
        ]
    }

    private var json: JSON {
        [
            "path": .string(path), "kind": .string(kind.rawValue), "use": .string(use),
            "size_bytes": size.json { .number($0.bytes) },
            "alignment_bytes": alignment.json { .number($0.bytes) },
            "numa_node": numaNode.json { .integer(Int128($0)) },
            "device_id": deviceID.json { .string($0) },
            "unsafe_shutdowns": unsafeShutdowns.json { .number($0) },
            "bad_blocks": badBlocks.json { .array($0.map(\.json)) },
            "store_granularity": granularity.json { .string($0.rawValue) },
            "absent": .object(missing.map { .init($0.key, .string($0.reason)) }),
        ]
    }

    /// For the table: what is not known of this device and why, each reason once.
    private var reasons: String {
        var groups: [(reason: String, names: [String])] = []
        for (_, name, reason) in missing {
            if let index = groups.firstIndex(where: { $0.reason == reason }) {
                groups[index].names.append(name)
            } else {
                groups.append((reason, [name]))
            }
        }
        return groups.map { reason, names in
            let line = "\(path): no \(names.joined(separator: ", ")): \(reason)"
            return Layout.wrapped(line, first: "  ", rest: "    ")
        }.joined()
    }

    /// What is not known of this device: its member in JSON, its name, and why.
    private var missing: [(key: String, name: String, reason: String)] {
        [
            ("size_bytes", "size", size.reason),
            ("alignment_bytes", "alignment", alignment.reason),
            ("numa_node", "NUMA node", numaNode.reason), ("device_id", "id", deviceID.reason),
            ("unsafe_shutdowns", "unsafe shutdown count", unsafeShutdowns.reason),
            ("bad_blocks", "bad blocks", badBlocks.reason),
            ("store_granularity", "store granularity", granularity.reason),
        ].compactMap { key, name, reason in reason.map { (key, name, $0) } }
    }
}

extension BadBlock {
    fileprivate var json: JSON {
        ["offset": .number(offset), "length_bytes": .number(length.bytes)]
    }
}

extension Answer {
    fileprivate func json(_ transform: (Value) -> JSON) -> JSON { .optional(value.map(transform)) }
}
