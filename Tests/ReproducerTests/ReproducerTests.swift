import DaxConfig
import DaxHost
import DaxOperations
import DaxSystem
import DaxTorture
import TestSupport
import Testing

@testable import DaxReproducer

/// What is printed is C, and its check holds for the kernel that runs these tests and for no broken one.
///
/// It runs through the page cache here, on whatever filesystem /tmp has.
@Suite struct ReproducerTests {
    /// Everything but what not every filesystem has.
    private let everything = """
        store f0 0 64; fault-store f0 4KiB 64; fault-load f0 4KiB 64; private-store f0 0 64; \
        private-load f0 0 128; persist f0 0 64; msync f0 0 8KiB; sync_file_range f0 0 8KiB; \
        pwrite f0 0 4KiB; write f0 64 128; sync-write f0 8KiB 64; punch f0 64 64; \
        allocate-keep-size f0 0 64KiB; truncate f0 1MiB; allocate f0 0 2MiB; fsync f0; mmap f0; \
        reopen f0; copy f1 0 f0 0 8KiB; syncfs; pread f0 0 64; read f0 0 4KiB; pause 1ms; \
        load f0 0 512; truncate f0 32; load f0 4KiB 64; truncate f0 64KiB; load f0 0 64
        """

    @Test(arguments: PrintedProgram.configs)
    func aScriptOfAKnownBugIsAProgram(_ name: String) throws {
        let program = try PrintedProgram(bug: name)
        let run = try program.run()
        // Few filesystems share blocks.
        #expect(run.exit == .exited(0) || run.exit == .exited(2), "\(run.error)")
        #expect(try program.run(anywhere: false).exit == .exited(2))
        #expect(program.text.hasPrefix("/*\n * "))
    }

    @Test func oneScriptOfEverythingIsClean() throws {
        let program = try PrintedProgram([everything], files: 2, rounds: 5)
        #expect(program.text.contains("want[") && !program.text.contains("pthread"))
        let run = try program.run()
        #expect(run.exit == .exited(0), "\(text(run))")
    }

    @Test func severalScriptsOfEverythingAreClean() throws {
        let other = """
            load f0 0 64; store f0 64 64; truncate f1 64KiB; pwrite f1 32KiB 64; fault-store f0 0 128; \
            truncate f0 0; truncate f0 4MiB; copy f0 0 f1 32KiB 64; private-load f0 0 64; punch f0 0 8KiB
            """
        let program = try PrintedProgram([everything, other, other], files: 2, rounds: 60)
        let run = try program.run()
        #expect(run.exit == .exited(0), "\(text(run))")
    }

    /// Each verb alone, in the one form and in the other: no part needs one that is not there.
    @Test(arguments: Order.Verb.allCases)
    func eachVerbCompiles(_ verb: Order.Verb) throws {
        let name = verb.rawValue
        let step: String
        switch verb.shape {
        case .range:
            step = verb == .insert ? "truncate f0 64KiB; insert f0 0 4KiB" : "\(name) f0 0 4KiB"
        case .size: step = "\(name) f0 4KiB"
        case .file: step = "\(name) f0"
        case .pair: step = "\(name) f1 0 f0 0 4KiB"
        case .hold: step = "\(name) f0 0 4KiB 1ms"
        case .filesystem: step = name
        case .ownHold, .time, .moment: step = "\(name) 1ms"
        // Programs of these are below.
        case .meeting, .predecessor, .repetition, .expectation: return
        }
        let settings = ["fs.type=xfs-dax", "fs.exchange=true"]
        for scripts in [
            [step], [step, step], [step, "truncate f0 0"], [step, "clone f0 0 f1 0 4KiB"],
        ] {
            _ = try PrintedProgram(scripts, files: 2, rounds: 1, settings, onlyRead: true)
        }
    }

    @Test func scriptsWaitForEachOther() throws {
        let program = try PrintedProgram(
            [
                "pwrite f0 0 4KiB; repeat 3; meet 1; punch f0 0 4KiB; meet 2; truncate f0 0; at 1ms",
                "meet 1; load f0 0 64; meet 2; after s0 6; load f0 4KiB 64; expect SIGBUS",
                "after s0 1; pread f0 0 64",
            ], rounds: 50)
        for line in [
            "\tfor (long i = 0; i < 3; i++) {", "\tdo_meet(MEET_2);", "\treached(a, 6);",
            "\tdo_after(&actors[0], 1, 6);", "\texpect_sigbus(a);",
        ] {
            #expect(program.text.contains("\n\(line)\n"), "\(line)")
        }
        let run = try program.run()
        #expect(run.exit == .exited(0), "\(text(run))")
    }

    @Test(arguments: [
        ("store f0 0 64; load f0 0 64; expect zero; expect ok", 1),
        ("punch f0 0 4KiB; load f0 0 64; expect zero; expect ok", 0),
        ("store f0 0 64; load f0 0 64; expect written; expect ok", 0),
        ("truncate f0 0; load f0 0 64; expect SIGBUS", 0), ("load f0 0 64; expect SIGBUS", 1),
        ("collapse f0 2MiB 2MiB; expect EINVAL", 0), ("punch f0 0 4KiB; expect EINVAL", 1),
    ])
    func anExpectationIsChecked(_ steps: String, _ status: Int32) throws {
        let run = try PrintedProgram([steps], rounds: 2).run()
        #expect(run.exit == .exited(status), "\(text(run))")
    }

    @Test func filesBeginAsTheirTablesSay() throws {
        let config = """
            format = 1
            [run]
            rounds = 3
            [fs]
            files = 2
            file-size = "4MiB"
            [file.f0]
            size = "16KiB"
            extents = ["written 0 8KiB", "unwritten 8KiB 4KiB", "written 12KiB 8KiB"]
            [actor.show]
            role = "script"
            steps = ["load f0 0 64", "store f1 0 64"]
            """
        let program = try PrintedProgram(config)
        for line in [
            "#define ROUNDS 3", "do_pwrite(F0, 12 * KiB, 8 * KiB);", "do_truncate(F0, 16 * KiB);",
            "make_file(F0, 0);", "make_file(F1, 4 * MiB);",
        ] {
            #expect(program.text.contains(line), "\(line)")
        }
        let run = try program.run()
        #expect(run.exit == .exited(0), "\(text(run))")
    }

    /// A libc that does not do what it is asked.
    @Test(arguments: [
        ("punch", "pwrite f0 0 8KiB; punch f0 0 4KiB; pread f0 0 64"),
        ("pwrite", "store f0 0 64; pwrite f0 0 4KiB; load f0 0 64"),
        ("pread", "pwrite f0 0 4KiB; pread f0 64 64"),
        ("truncate", "pwrite f0 0 4KiB; truncate f0 64; truncate f0 4KiB; load f0 64 64"),
        ("copy", "pwrite f0 0 4KiB; copy f0 8KiB f0 0 4KiB; fsync f0"),
        // Nothing reads but the check in the end.
        ("mmap", "store f0 0 64; fsync f0"),
        ("cut", "truncate f0 4KiB; load f0 4KiB 64"),
    ])
    func aBrokenSystemIsSeen(_ wrong: String, _ steps: String) throws {
        for scripts in [[steps], [steps, "load f0 1MiB 64"]] {
            let program = try PrintedProgram(scripts, rounds: 2)
            try program.scratch.write("t-wrong.c", Array(shim.utf8))
            try PrintedProgram.compile(
                ["-O1", "-shared", "-fPIC", "t-wrong.c", "-o", "t-wrong.so"], in: program.scratch)
            let library = "LD_PRELOAD=\(program.scratch.path)/t-wrong.so"
            let sound = try program.run([library])
            #expect(sound.exit == .exited(0), "\(text(sound))")
            let broken = try program.run([library, "WRONG=\(wrong)"])
            #expect(broken.exit == .exited(1), "\(text(broken)) \(broken.error)")
        }
    }

    /// 2: userfaultfd(2) is not for everybody here.
    @Test func copiesThatStandStillAreClean() throws {
        let held = "pwrite f0 0 4KiB; held-read f0 0 64 1ms; held-write f0 64 64 1ms; load f0 0 256"
        for scripts in [[held], [held, "punch f0 0 4KiB; held-read f0 0 4KiB 1ms; truncate f0 0"]] {
            let program = try PrintedProgram(scripts, rounds: 5)
            #expect(program.text.contains("cc -O2 -pthread"))
            let run = try program.run()
            #expect(run.exit == .exited(0) || run.error.contains("userfaultfd"), "\(text(run))")
        }
    }

    /// The page cache writes nothing back that DAX's tracepoints tell of.
    @Test func whatIsNotWrittenBackIsSeen() throws {
        func config(_ steps: String, _ more: String = "") -> String {
            "# R11 | a page that was synced\nformat = 1\n[actor.a]\nrole = \"script\"\nsteps = [\(steps)]\n\(more)"
        }
        let program = try PrintedProgram(config("\"store f0 0 8\", \"fsync f0\""), rounds: 2)
        let run = try program.run()
        #expect(
            run.exit == .exited(1) && text(run).contains("page 0 is not written back")
                || run.exit == .exited(2) && run.error.contains("/sys/kernel/tracing"),
            "\(text(run)) \(run.error)")
        let another = "[actor.b]\nrole = \"script\"\nsteps = [\"load f0 0 8\"]\n"
        for (steps, more) in [
            ("\"store f0 0 8\", \"fsync f0\"", another),
            ("\"collapse f0 0 4KiB\", \"fsync f0\"", ""),
        ] {
            #expect(throws: ReproducerError.self) { try PrintedProgram(config(steps, more)) }
        }
        // Whether faults wait is judged wherever it is a step.
        #expect(try PrintedProgram(config("\"sync-faults\"", another)).text.contains("NEEDDSYNC"))
    }

    @Test func whatIsNoScriptIsRefused() throws {
        #expect(throws: ReproducerError.self) {
            try Reproducer(Config(), promises: [], text: "", name: "t")
        }
        for (steps, setting) in [
            ("fsync f0", "fs.layout=mixed"),
            ("load f0 0 64; repeat 5000", "fs.layout=hole"),
        ] {
            #expect(throws: ReproducerError.self) {
                try PrintedProgram([steps, "truncate f0 0"], rounds: 1, [setting])
            }
        }
    }

    /// A part for a feature that no program has is never printed.
    @Test func theFeaturesOfTemplatesAreKnown() {
        let known = Set(
            Order.Verb.allCases.map(\.rawValue) + Reproducer.Feature.allCases.map(\.rawValue))
        for template in CTemplate.all { #expect(template.names.isSubset(of: known)) }
    }

    /// The example that docs/reproducer.md shows.
    @Test func theExampleIsWhatIsPrinted() throws {
        let docs = try Files.text("\(PrintedProgram.repository)/docs/reproducer.md")
        let config = try Files.text(
            "\(PrintedProgram.repository)/configs/bugs/cow-zero-lost-steps.toml")
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(config, name: "t.toml")
        let program = try Reproducer(
            resolver.resolved(), promises: resolver.promises, text: config,
            name: "cow-zero-lost-steps"
        ).program
        let example = docs.split(separator: "```c\n")[1].split(separator: "\n```")[0]
        let end = try #require(example.firstRange(of: "*/\n\n"))
        #expect(program.hasPrefix(example[..<end.upperBound]))
        #expect(program.contains(example[end.upperBound...]))
        let lines = program.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        #expect(docs.contains("\n\(lines) lines."))
    }

    private func text(_ run: ChildProcess.Finished) -> String {
        String(decoding: run.output, as: UTF8.self)
    }

    private let shim = #"""
        #define _GNU_SOURCE
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <unistd.h>

        static int is(const char *what)
        {
        	const char *wrong = getenv("WRONG");

        	return wrong && !strcmp(wrong, what);
        }

        int fallocate(int fd, int mode, off_t at, off_t len)
        {
        	return is("punch") && mode & 2 ? 0 : syscall(SYS_fallocate, fd, mode, at, len);
        }

        ssize_t pwrite(int fd, const void *from, size_t len, off_t at)
        {
        	return is("pwrite") ? (ssize_t)len : syscall(SYS_pwrite64, fd, from, len, at);
        }

        ssize_t pread(int fd, void *to, size_t len, off_t at)
        {
        	ssize_t done = syscall(SYS_pread64, fd, to, len, at);

        	if (is("pread") && done == 64)
        		memset(to, 0, 8);
        	return done;
        }

        int ftruncate(int fd, off_t size)
        {
        	if (is("truncate") && size == 64)
        		return 0;
        	if (is("cut") && size == 4096)
        		size += 4096;
        	return syscall(SYS_ftruncate, fd, size);
        }

        ssize_t copy_file_range(int in, off_t *from, int out, off_t *to, size_t len, unsigned flags)
        {
        	if (!is("copy"))
        		return syscall(SYS_copy_file_range, in, from, out, to, len, flags);
        	*to += len;
        	return len;
        }

        void *mmap(void *to, size_t len, int access, int flags, int fd, off_t at)
        {
        	if (is("mmap") && fd >= 0 && flags == MAP_SHARED)
        		flags = MAP_PRIVATE;
        	return (void *)syscall(SYS_mmap, to, len, access, flags, fd, at);
        }
        """#
}
