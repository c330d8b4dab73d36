package import DaxConfig
package import DaxOperations
import DaxText

/// A witness travels as a config: every order is a step of its actor's script, between `at` steps that say
/// when it was invoked and when it had returned.
extension Witness {
    /// The config by which a witness is handed over: what `base` says, and scripts with all times.
    package func handedOver(in base: Config) -> Config {
        var lists: [Int: [String]] = [:]
        for step in steps {
            lists[step.actor, default: []] += [
                "at \(TimeSpan(nanoseconds: step.invoked))", step.order.description,
                "at \(TimeSpan(nanoseconds: step.returned))",
            ]
        }
        var config = config(base)
        // A call may have taken longer than an epoch.
        (config.run.duration, config.run.epoch) = (.hours(1), .hours(1))
        config.actors = lists.sorted { $0.key < $1.key }.map { actor, steps in
            var one = config.actors.first { $0.name == names[actor] } ?? config.actors[0]
            (one.name, one.steps) = (names[actor], steps)
            return one
        }
        config.actors.sort { $0.name < $1.name }
        return config
    }

    /// What a config's scripts do. Where they have no times, each step of every script takes a microsecond.
    /// Steps by which scripts wait, repeat or expect are left out: how actors wait is tried.
    ///
    /// Throws where a step is none.
    package init(of config: Config) throws(OrderError) {
        var steps: [Step] = []
        var names: [String] = []
        for group in config.actors where group.role == "script" && group.count > 0 {
            let actor = names.count
            names.append(group.name)
            var clock: UInt64 = 0
            var hasTimes = false
            for text in group.steps {
                let order = try Order(text)
                switch order.verb.shape {
                case .moment:
                    clock = order.nanoseconds
                    if hasTimes, let last = steps.indices.last, steps[last].actor == actor,
                        steps[last].returned == steps[last].invoked
                    {
                        steps[last].returned = max(clock, steps[last].invoked)
                    }
                    hasTimes = true
                case .meeting, .predecessor, .repetition, .expectation, .time: break
                case .range, .size, .file, .pair, .filesystem, .hold, .ownHold:
                    if !hasTimes { clock += 1000 }
                    steps.append(
                        Step(actor: actor, order: order, invoked: clock, returned: clock))
                }
            }
        }
        let files = (0..<Int(config.fs.files)).map { number in
            config.file(number) ?? Witness.whole(number, config)
        }
        self.init(
            limit: config.fs.fileSize.bytes, files: files, steps: steps, pace: .sequence,
            names: names)
    }

    /// A file as `fs.layout` makes it, at least as near as a table says it.
    static func whole(_ number: Int, _ config: Config) -> FileConfig {
        var file = FileConfig(name: "f\(number)")
        file.size = config.fs.fileSize
        if config.fs.layout != .hole { file.extents = ["unwritten 0 \(file.size)"] }
        return file
    }
}
