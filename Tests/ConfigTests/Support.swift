import DaxConfig
import DaxModel
import DaxText

/// The config that `text` resolves to, `format = 1` put before it.
func resolve(_ text: String, set: [String] = []) throws -> Config {
    var resolver = Resolver()
    try resolver.read("format = 1\n" + text, name: "t.toml")
    for assignment in set { try resolver.set(assignment) }
    return try resolver.resolved()
}

/// The one line that a user would be told.
func complaint(_ text: String, set: [String] = []) -> String {
    do {
        _ = try resolve(text, set: set)
        return "nothing wrong"
    } catch {
        return "\(error)"
    }
}

/// A config that breaks no rule, from a seed: every key takes part.
func randomConfig(_ random: inout Random) -> Config {
    var config = Config()
    config.run.duration = TimeSpan(nanoseconds: random.within(100_000_000...1 << 50))
    config.run.epoch = .milliseconds(random.within(10...3_600_000))
    config.run.seed = random.chance(1, in: 4) ? nil : Seed(random.next() >> random.below(64))
    config.fs.type = random.chance(1, in: 2) ? .ext4 : .xfs
    config.fs.dax = DaxMode.allCases[random.below(DaxMode.allCases.count)]
    config.fs.files = random.within(1...16)
    config.fs.fileSize = .mib(2 * random.within(2...40))
    config.fs.reflink = config.fs.type == .xfs && random.chance(1, in: 2)
    config.fs.exchange = config.fs.type == .xfs && random.chance(1, in: 2)
    config.fs.zeroout = config.fs.type == .ext4 && random.chance(1, in: 2)
    config.fs.failingGrowth = config.fs.type == .ext4 && random.chance(1, in: 2)
    config.vm.cpus = random.within(1...64)
    config.vm.memory = .mib(2 * random.within(128...4096))
    config.vm.pmem = .mib(2 * random.within(1024...4096))
    config.oracle.memory = ByteSize(bytes: random.within(160 << 20...64 << 30))
    config.oracle.check = random.chance(3, in: 4)
    if config.oracle.check { config.oracle.compare = random.below(101) }
    if random.chance(1, in: 2) {
        config.fs.mkfs = config.fs.type == .ext4 ? ["-O quota,project", "-I 512"] : ["-m rmapbt=1"]
        config.fs.mountOptions =
            config.fs.type == .ext4 ? ["commit=9"] : ["logbsize=256k", "wsync"]
    }
    switch random.below(3 as Int) {
    case 0 where config.fs.mkfs.isEmpty: config.fs.mount = randomPath(&random)
    case 1: config.fs.device = randomPath(&random)
    default:
        if random.chance(1, in: 2) { config.vm.kernel = randomPath(&random) }
        if config.vm.kernel != nil { config.vm.modules = randomPath(&random) }
        if random.chance(1, in: 2) { config.vm.qemu = randomPath(&random) }
        config.vm.device = random.chance(1, in: 2) ? .memmap : .nvdimm
        config.vm.map = random.chance(1, in: 2) ? .mem : .dev
        config.vm.deterministic = random.chance(1, in: 2)
        if config.vm.deterministic && random.chance(1, in: 2) {
            config.vm.seed = Seed(random.next())
        }
    }
    if config.fs.dax != .never && config.fs.mount == nil && config.oracle.compare == 0 {
        config.run.differential = random.chance(1, in: 2)
    }
    let accelerations = config.vm.deterministic ? [.auto, .tcg] : Acceleration.allCases
    config.vm.acceleration = accelerations[random.below(accelerations.count)]
    config.actors = (0...random.below(5 as Int)).map { index in
        let align = ByteSize(bytes: 8 << random.below(19))
        let sizes = (0..<2).map { _ in ByteSize(bytes: 8 * random.within(1...1 << 19)) }.sorted()
        return ActorConfig(
            name: "a\(index)-_Z", role: ConfigSchema().roles[random.below(4 as Int)],
            count: random.within(index == 0 ? 1...40 : 0...40), min: sizes[0], max: sizes[1],
            align: align, pause: TimeSpan(nanoseconds: random.within(0...1_000_000_000)))
    }
    return config
}

private func randomPath(_ random: inout Random) -> String {
    let letters = Array("/ab c\"\\'#=[]{}é日🙂")
    return "/"
        + String((0..<random.below(12 as Int)).map { _ in letters[random.below(letters.count)] })
}
