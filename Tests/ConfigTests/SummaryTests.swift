import DaxConfig
import DaxText
import Testing

@Suite struct SummaryTests {
    @Test func saysSeedAndChoice() throws {
        #expect(
            try resolve("", set: ["run.seed=7", "fs.files=2", "vm.deterministic=true"]).summary()
                == """
                seed 0x7
                ext4-dax in a deterministic virtual machine: auto, 2 CPUs, 1GiB memory, 1GiB pmem, \
                kernel as found
                2 files of 32MiB, 2 faulter, 1 puncher, 1 recycler, 1 truncater, \
                2 writer, 1 io, 1m in epochs of 2s
                """)
        for (seed, line) in [("7", "seed 0x7\n"), ("8", "seed 0x7, interleaving from 0x8\n")] {
            let settings = ["run.seed=7", "vm.deterministic=true", "vm.seed=\(seed)"]
            #expect(try resolve("", set: settings).summary().hasPrefix(line))
        }
        #expect(try resolve("", set: ["fs.mount=/m"]).summary().contains("\next4-dax on /m\n"))
        #expect(
            try resolve("", set: ["fs.device=/dev/pmem0", "actor.punch.count=0"]).summary()
                == """
                seed not drawn yet
                ext4-dax made on /dev/pmem0
                1 file of 32MiB, 2 faulter, 1 recycler, 1 truncater, 2 writer, \
                1 io, 1m in epochs of 2s
                """)
    }

    @Test(
        arguments: [
            ("# A title.\nformat = 1", "A title."), ("\n  ## \n# Two\n", "Two"),
            ("format = 1\n# no", nil),
            ("", nil),
        ] as [(String, String?)])
    func findsTheTitle(_ text: String, _ title: String?) {
        #expect(Config.title(of: text) == title)
    }
}
