import DaxConfig
import DaxModel
import DaxText
import Testing

@Suite struct ResolverTests {
    @Test func nothingSaidIsTheDefault() throws {
        #expect(try Resolver().resolved() == Config())
        #expect(try resolve("") == Config())
    }

    @Test func everyConfigSurvivesItsOwnText() throws {
        var random = Random(seed: 0xc0ff)
        for _ in 0..<500 {
            let config = randomConfig(&random)
            var resolver = Resolver()
            try resolver.read(config.text(), name: "resolved.toml")
            #expect(try resolver.resolved() == config, "\(config.text())")
        }
    }

    @Test func readsEveryTable() throws {
        let config = try resolve(
            """
            [run]
            duration = "20s"
            seed = 7
            [fs]
            type = "xfs-dax"
            file-size = "8MiB"
            [vm]
            cpus = 4
            deterministic = true
            [oracle]
            memory = "64MiB"
            [actor.w]
            role = "writer"
            max = "4096"
            """)
        #expect(config.run.duration == .seconds(20))
        #expect(config.run.seed == Seed(7))
        #expect(config.fs.type == .xfs)
        #expect(config.fs.fileSize == .mib(8))
        #expect(config.vm.cpus == 4 && config.vm.deterministic)
        #expect(config.oracle.memory == .mib(64))
        #expect(config.actors == [ActorConfig(name: "w", role: "writer", max: .kib(4))])
    }

    @Test func laterWordsWin() throws {
        var resolver = Resolver()
        try resolver.read("format = 1\n[run]\nduration = \"5s\"\nepoch = \"2s\"", name: "t.toml")
        try resolver.set("run.duration=6s")
        try resolver.set("vm.cpus=3")
        try resolver.set(flag: "--cpus", "vm.cpus", "4")
        let config = try resolver.resolved()
        #expect(config.run.duration == .seconds(6))
        #expect(config.run.epoch == .seconds(2))
        #expect(config.vm.cpus == 4)
    }

    @Test func setReachesDefaultActors() throws {
        let config = try resolve("", set: ["actor.punch.count=4", "actor.write.max=8KiB"])
        #expect(config.actors.first { $0.name == "punch" }?.count == 4)
        #expect(config.actors.first { $0.name == "write" }?.max == .kib(8))
        #expect(config.actors.count == Config().actors.count)
    }

    @Test func setCanAddAnActorByItsRole() throws {
        let config = try resolve("", set: ["actor.more.role=puncher", "actor.more.count=3"])
        #expect(config.actors.contains(ActorConfig(name: "more", role: "puncher", count: 3)))
    }

    @Test func aFilesActorsReplaceTheDefaultOnes() throws {
        let config = try resolve("[actor.z]\nrole = \"writer\"\n[actor.a]\nrole = \"faulter\"")
        #expect(config.actors.map(\.name) == ["a", "z"])
    }

    @Test func theCallerExtendsTheRoles() throws {
        var resolver = Resolver(schema: ConfigSchema(roles: ["cloner"]))
        try resolver.read("format = 1\n[actor.c]\nrole = \"cloner\"", name: "t.toml")
        #expect(try resolver.resolved().actors[0].role == "cloner")
    }
}
