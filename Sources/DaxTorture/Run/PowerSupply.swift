import DaxConfig
import DaxHost
import DaxMachine
import DaxModel
import DaxSystem
import DaxText

/// A cut of the power: what would have been left is kept, and the machine goes on.
struct PowerCut {
    /// The number of the image, from 0 on in each epoch.
    let image: UInt64
    /// Within which the power was cut.
    let interval: Interval
    /// How many lines of the caches were not durable, and how many of them were left all the same.
    let lines: UInt64
    let evicted: UInt64
}

/// What becomes of stores that are in the caches when the power is cut.
enum CacheFate: UInt64, CaseIterable {
    case none, all, some

    /// One that `model` allows.
    static func drawn(_ model: CacheModel, _ random: inout Random) -> CacheFate {
        switch model {
        case .adr: [.none, .some, .all][random.weighted([3, 3, 1])]
        case .eadr: .all
        }
    }
}

/// The power of the machine that this program is the guest of: cuts it, and mounts what was left on a
/// second device.
struct PowerSupply {
    private let outbox: Outbox
    /// The filesystem on the second device.
    let spare: Volume

    /// The power of a machine whose persistent memory is followed.
    ///
    /// Throws `RunError.untested` where it is not, or the second device is not where it should be: it is
    /// going to be written over.
    init(_ config: Config, outbox: Outbox) throws {
        let memory = MachineMemory(
            memory: Int(config.vm.memory.bytes), persistentMemory: Int(config.vm.pmem.bytes))
        for (name, place) in [("pmem0", memory.start), ("pmem1", memory.second)] {
            let path = "/sys/block/\(name)/device/resource"
            let text = try Files.text(path).prefix { $0 != "\n" }
            guard text.hasPrefix("0x"), Int(text.dropFirst(2), radix: 16) == place else {
                throw RunError.untested("\(path) is \(text), not 0x\(String(place, radix: 16))")
            }
        }
        guard outbox.ring(.begin) != nil else {
            throw RunError.untested("QEMU does not follow the persistent memory")
        }
        self.outbox = outbox
        var filesystem = config.fs
        // It has the UUID of the one that is mounted already.
        if filesystem.type == .xfs { filesystem.mountOptions.append("nouuid") }
        spare = Volume(config: filesystem, device: "/dev/pmem1", mountPoint: "/recovered")
        try Files.makeDirectory(spare.mountPoint)
    }

    /// Has all that was stored be durable, as if the caches had been written back, and forgets all cuts.
    func settle() throws {
        guard outbox.ring(.settle) != nil else { throw PowerSupply.failure }
    }

    /// Cuts the power.
    func cut(_ fate: CacheFate, seed: UInt64) throws -> PowerCut {
        guard let answer = outbox.ring(.cut, fate.rawValue, seed: seed) else {
            throw PowerSupply.failure
        }
        return PowerCut(
            image: answer.image,
            interval: Interval(
                Timestamp(ticks: answer.rung.lowerBound), Timestamp(ticks: answer.rung.upperBound)),
            lines: answer.lines, evicted: answer.evicted)
    }

    /// Writes what was left of a cut onto the second device; its SHA-256, and what was counted so far.
    func show(_ cut: PowerCut) throws -> (digest: String, counts: FollowedStores) {
        guard let answer = outbox.ring(.show, cut.image) else { throw PowerSupply.failure }
        let digits = answer.digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        return (digits.joined(), answer.counts)
    }

    private static let failure = RunError.untested("QEMU's plugin refused a command")
}
