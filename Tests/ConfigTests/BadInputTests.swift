import DaxConfig
import Testing

/// Each bad input, and the whole line that the user gets for it.
@Suite struct BadInputTests {
    @Test(arguments: [
        // keys and tables
        (
            "[run]\ndurration = \"5s\"",
            "t.toml:3: run.durration: unknown key; the nearest known key is run.duration"
        ),
        ("[run]\nfiles = 2", "t.toml:3: run.files: unknown key; the nearest known key is fs.files"),
        (
            "# a\n\n[actor.p]\nrole = \"puncher\"\n\ncuont = 2",
            "t.toml:7: actor.p.cuont: unknown key; the nearest known key is actor.p.count"
        ),
        (
            "duration = \"5s\"",
            "t.toml:2: duration: unknown key; the nearest known key is run.duration"
        ),
        ("[filesystem]", "t.toml:2: filesystem: unknown table; the nearest known table is [fs]"),
        ("[actors.w]", "t.toml:2: actors: unknown table; the nearest known table is [actor.NAME]"),
        (
            "[fs.deep]\ntype = \"ext4-dax\"",
            "t.toml:2: fs.deep: unknown table; tables go no deeper here"
        ),
        // types
        (
            "[run]\nduration = 60",
            "t.toml:3: run.duration: expected a duration such as \"45s\", found an integer"
        ),
        (
            "[fs]\nfile-size = 4194304",
            "t.toml:3: fs.file-size: expected a size such as \"2MiB\", found an integer"
        ),
        (
            "[fs]\nfiles = \"2\"",
            "t.toml:3: fs.files: expected a whole number such as 4, found a string"
        ),
        (
            "[fs]\nreflink = 1",
            "t.toml:3: fs.reflink: expected a boolean such as true, found an integer"
        ),
        (
            "[vm]\ncpus = 2.0",
            "t.toml:3: vm.cpus: expected a whole number such as 4, found a number with a fraction"
        ),
        (
            "[actor.w.x]\nrole = \"writer\"",
            "t.toml:2: actor.w.x: unknown table; tables go no deeper here"
        ),
        (
            "[fs]\ntype = []",
            "t.toml:3: fs.type: expected a filesystem such as \"ext4-dax\", found an array"
        ),
        ("fs = 3", "t.toml:2: fs: a table; write [fs]"),
        // values
        (
            "[fs]\ntype = \"ext3\"",
            "t.toml:3: fs.type: unknown filesystem \"ext3\"; known: ext4-dax, xfs-dax"
        ),
        (
            "[run]\nduration = \"60\"",
            "t.toml:3: run.duration: \"60\" is not a duration; write it as \"45s\""
        ),
        (
            "[run]\nduration = \"0s\"",
            "t.toml:3: run.duration: 0s is not in the range 100ms to 720h"
        ),
        (
            "[fs]\nfile-size = \"8MB\"",
            "t.toml:3: fs.file-size: \"8MB\" is not a size; write it as \"2MiB\""
        ),
        (
            "[fs]\nfile-size = \"5MiB\"",
            "t.toml:3: fs.file-size: 5MiB is not 4MiB or more in steps of 2MiB, which all actors but scripts need"
        ),
        (
            "[fs]\nfile-size = \"2MiB\"",
            "t.toml:3: fs.file-size: 2MiB is not 4MiB or more in steps of 2MiB, which all actors but scripts need"
        ),
        ("[fs]\nfiles = 17", "t.toml:3: fs.files: 17 is not in the range 1 to 16"),
        ("[fs]\nfiles = -1", "t.toml:3: fs.files: \"-1\" is not a whole number; write it as 4"),
        (
            "[run]\nseed = -1",
            "t.toml:3: run.seed: \"-1\" is not a seed, which is a whole number from 0 to 2^64-1: 7, or "
                + "\"0x7\""
        ),
        ("[vm]\nkernel = \"\"", "t.toml:3: vm.kernel: \"\" is not a path; write it as \"/path\""),
        (
            "[actor.w]\nrole = \"wirter\"",
            "t.toml:3: actor.w.role: unknown role \"wirter\"; the nearest is writer; "
                + "known: writer, faulter, truncater, puncher, mover, cloner, churner, syncer, filler, "
                + "freezer, administrator, io, pinner, borrower, forker, "
                + "recycler, poisoner, script"
        ),
        (
            "[actor.w]\nrole = \"writer\"\nalign = \"24\"",
            "t.toml:4: actor.w.align: 24 is not a power of two"
        ),
        (
            "[actor.\"w w\"]\nrole = \"writer\"",
            "t.toml:2: actor: an actor's name is made of letters, digits, - and _, not \"w w\""
        ),
    ])
    func names(_ text: String, _ line: String) { #expect(complaint(text) == line) }

    @Test(arguments: [
        ("[actor.w]\ncount = 1", "t.toml:2: actor.w.role: absent; every actor needs a role"),
        (
            "[actor.w]\nrole = \"writer\"\nmin = \"128KiB\"",
            "t.toml:4: actor.w.min: 128KiB is more than actor.w.max, 64KiB"
        ),
        (
            "[actor.w]\nrole = \"writer\"\nmax = \"8\"\nmin = \"8\"\n[fs]\nfile-size = \"4MiB\"\n"
                + "[actor.x]\nrole = \"writer\"\nmax = \"8MiB\"",
            "t.toml:10: actor.x.max: 8MiB is more than fs.file-size, 4MiB"
        ),
        (
            "[actor.w]\nrole = \"writer\"\nalign = \"64MiB\"",
            "t.toml:4: actor.w.align: 64MiB is more than fs.file-size, 32MiB"
        ),
        (
            "[actor.w]\nrole = \"writer\"\ncount = 0",
            "t.toml:4: actor.w.count: a run needs at least one actor"
        ),
        (
            "[oracle]\ncheck = false\ncompare = 3",
            "t.toml:4: oracle.compare: compares nothing with no checks"
        ),
        (
            "[fs]\nreflink = true\n[actor.a]\nrole = \"writer\"",
            "t.toml:3: fs.reflink: ext4-dax has no reflink"
        ),
        (
            "[fs]\ntype = \"xfs-dax\"\nzeroout = true",
            "t.toml:4: fs.zeroout: xfs-dax writes no zeros to blocks that nobody writes to"
        ),
        (
            "[fs]\ntype = \"xfs-dax\"\nfailing-growth = true",
            "t.toml:4: fs.failing-growth: on xfs-dax such writes are made without it"
        ),
        ("[fs]\nexchange = true", "t.toml:3: fs.exchange: ext4-dax has no exchange range"),
        (
            "[fs]\nmount = \"/mnt\"\n[actor.a]\nrole = \"filler\"",
            "t.toml:5: actor.a.role: filler does something to everybody on the filesystem, and a "
                + "mount that was there before has other users"
        ),
        (
            "[fs]\nmount = \"/mnt\"\n[crash]\ncuts = 4",
            "t.toml:5: crash.cuts: needs a virtual machine; leave fs.mount out"
        ),
        (
            "[crash]\ncuts = 4\n[vm]\ndevice = \"nvdimm\"",
            "t.toml:3: crash.cuts: follows pmem of vm.device = \"memmap\""
        ),
        (
            "[crash]\ncuts = 4\n[vm]\naccel = \"kvm\"",
            "t.toml:3: crash.cuts: KVM shows nobody its stores"
        ),
        (
            "[crash]\ncuts = 4\n[actor.a]\nrole = \"mover\"",
            "t.toml:3: crash.cuts: says nothing of what a mover does"
        ),
        (
            "[fs]\nmount = \"/mnt\"\n[actor.a]\nrole = \"poisoner\"",
            "t.toml:5: actor.a.role: poisoner makes memory fail, which it does to a virtual machine's "
                + "own alone; leave fs.mount out"
        ),
        (
            "[fs]\ndevice = \"/dev/pmem0\"\n[actor.a]\nrole = \"poisoner\"",
            "t.toml:5: actor.a.role: poisoner makes memory fail, which it does to a virtual machine's "
                + "own alone; leave fs.device out"
        ),
        (
            "[fs]\ndax = \"never\"\n[actor.a]\nrole = \"poisoner\"",
            "t.toml:5: actor.a.role: poisoner has nothing to fail without DAX"
        ),
        (
            "[run]\ndifferential = true\n[actor.a]\nrole = \"poisoner\"",
            "t.toml:5: actor.a.role: poisoner has nothing to fail in the run without DAX"
        ),
        (
            "[actor.a]\nrole = \"forker\"\n[actor.b]\nrole = \"poisoner\"",
            "t.toml:5: actor.b.role: poisoner and forker exclude each other: children inherit the "
                + "mapping of what fails"
        ),
        (
            "[fs]\nmount = \"/m\"\ndevice = \"/dev/pmem0\"",
            "t.toml:3: fs.mount: and fs.device exclude each other"
        ),
        (
            "[fs]\nmount = \"/m\"\n[vm]\nkernel = \"/k\"",
            "t.toml:5: vm.kernel: no machine is booted beside fs.mount"
        ),
        (
            "[vm]\naccel = \"kvm\"\ndeterministic = true",
            "t.toml:4: vm.deterministic: KVM cannot do that; leave vm.accel out"
        ),
        (
            "[vm]\nseed = \"0x7\"",
            "t.toml:3: vm.seed: decides nothing but the interleaving of vm.deterministic = true"
        ),
        (
            "[fs]\nmount = \"/m\"\n[vm]\nseed = 7",
            "t.toml:5: vm.seed: no machine is booted beside fs.mount"
        ),
        (
            "[vm]\nmodules = \"/m\"",
            "t.toml:3: vm.modules: belong to a kernel; name it by --kernel or vm.kernel"
        ),
        (
            "[oracle]\nmemory = \"63MiB\"",
            "t.toml:3: oracle.memory: an audit of fs.file-size, 32MiB, takes oracle.memory of 64MiB "
                + "or more, not 63MiB"
        ),
        // The key that stands there, not the first of those at fault.
        (
            "[fs]\nfile-size = \"600MiB\"\n[vm]\npmem = \"1TiB\"",
            "t.toml:3: fs.file-size: an audit of fs.file-size, 600MiB, takes oracle.memory of "
                + "1200MiB or more, not 512MiB"
        ),
        (
            "[vm]\npmem = \"64MiB\"\n[fs]\nfiles = 2",
            "t.toml:5: fs.files: 2 of 32MiB are more than three quarters of vm.pmem, 64MiB"
        ),
        (
            "[fs]\nfiles = 16\n[actor.w]\nrole = \"writer\"\ncount = 64\n[actor.x]\n"
                + "role = \"writer\"\ncount = 64\n[actor.y]\nrole = \"writer\"\ncount = 64\n"
                + "[actor.z]\nrole = \"writer\"\ncount = 49",
            "t.toml:3: fs.files: 16 files and 241 actors are more than 256 together"
        ),
        (
            "[fs]\nfile-size = \"512MiB\"\nfiles = 2\n[oracle]\nmemory = \"1GiB\"",
            "t.toml:3: fs.file-size: 2 of 512MiB are more than three quarters of vm.pmem, 1GiB"
        ),
        (
            "[fs]\ntype = \"xfs-dax\"\n[vm]\npmem = \"256MiB\"",
            "t.toml:5: vm.pmem: xfs needs at least 300MiB"
        ),
        (
            "[fs]\ntype = \"xfs-dax\"\n[vm]\npmem = \"304MiB\"\nmap = \"dev\"",
            "t.toml:5: vm.pmem: xfs needs at least 306MiB"
        ),
        (
            "[fs]\ntype = \"xfs-dax\"\n[vm]\npmem = \"300MiB\"\ndevice = \"nvdimm\"",
            "t.toml:5: vm.pmem: xfs needs at least 302MiB"
        ),
        (
            "[fs]\ndevice = \"/dev/pmem0\"\n[vm]\nmap = \"dev\"",
            "t.toml:5: vm.map: only a virtual machine's pmem is set up anew"
        ),
        (
            "[fs]\ndax = \"never\"\n[run]\ndifferential = true",
            "t.toml:5: run.differential: compares with a run without DAX; this is one"
        ),
        (
            "[fs]\nmount = \"/m\"\n[run]\ndifferential = true",
            "t.toml:5: run.differential: needs a filesystem of its own, to mount it without DAX"
        ),
        (
            "[run]\ndifferential = true\n[oracle]\ncompare = 3",
            "t.toml:3: run.differential: and a benchmark exclude each other"
        ),
    ])
    func namesTheBrokenRule(_ text: String, _ line: String) { #expect(complaint(text) == line) }

    /// A stamp has 255 for the canaries.
    @Test func countsActorsInAll() {
        func actors(_ last: Int) -> String {
            (0..<4).map {
                "[actor.a\($0)]\nrole = \"writer\"\ncount = \($0 == 3 ? last : 64)\n"
            }.joined()
        }
        #expect(
            complaint(actors(63))
                == "t.toml:4: actor.a0.count: 255 actors in all are more than 254")
        #expect(complaint(actors(62)) == "nothing wrong")
    }

    @Test func aFlagAtFaultIsNamedAsAFlag() {
        var resolver = Resolver()
        #expect {
            try resolver.set(flag: "--fs", "fs.type", "xfs-dax")
            try resolver.set(flag: "--pmem", "vm.pmem", "256MiB")
            _ = try resolver.resolved()
        } throws: {
            "\($0)" == "--pmem: xfs needs at least 300MiB"
        }
    }

    @Test(arguments: [
        ("run.duration", "--set run.duration: write it as KEY=VALUE"),
        (
            "run.durration=5s",
            "--set: run.durration: unknown key; the nearest known key is run.duration"
        ),
        ("vm.cpus=two", "--set: vm.cpus: \"two\" is not a whole number; write it as 4"),
        ("vm.cpus=", "--set: vm.cpus: \"\" is not a whole number; write it as 4"),
        ("=5", "--set =5: write it as KEY=VALUE"),
        (
            "actor.pnuch.count=4",
            "--set: actor.pnuch.count: there is no actor \"pnuch\"; "
                + "there are: fault, punch, recycle, truncate, write, xfer"
        ),
        (
            "format=1",
            "--set: format: says how a file is to be read, and is no setting; leave it out"
        ),
        ("fs.reflink=yes", "--set: fs.reflink: \"yes\" is not a boolean; write it as true"),
    ])
    func namesTheSet(_ assignment: String, _ line: String) {
        #expect(complaint("", set: [assignment]) == line)
    }

    @Test func namesTheFlag() {
        var resolver = Resolver()
        #expect {
            try resolver.set(flag: "--fs", "fs.type", "ext3")
        } throws: {
            "\($0)" == "--fs: unknown filesystem \"ext3\"; known: ext4-dax, xfs-dax"
        }
    }

    @Test func wantsTheFormat() {
        var resolver = Resolver()
        #expect { try resolver.read("[run]", name: "t.toml") } throws: {
            "\($0)" == "t.toml: format: absent; write format = 1"
        }
        #expect { try resolver.read("\nformat = 2", name: "t.toml") } throws: {
            "\($0)" == "t.toml:2: format: this version reads format = 1 only"
        }
    }

    @Test func saysWhereTheGrammarBreaks() {
        #expect(complaint("[run]\nduration = ").hasPrefix("t.toml:3: "))
        #expect(complaint("[run]\nepoch = \"1s\"\nepoch = \"2s\"").hasPrefix("t.toml:4: "))
        #expect(complaint("[run]\nseed = 18446744073709551615").hasPrefix("t.toml:3: "))
    }

    @Test func countsLinesThroughEveryKindOfValue() {
        let text = """
            [vm]\r
            kernel = '# [fs] "'\r
            \tqemu = "a \\" # ] b" # a comment with = and "

            [ run ] # more
            "epoch" = 5
            """
        #expect(
            complaint(text)
                == "t.toml:7: run.epoch: expected a duration such as \"45s\", found an integer")
        #expect(complaint("\nrun.duration = 5").hasPrefix("t.toml:3: run.duration: "))
    }
}
