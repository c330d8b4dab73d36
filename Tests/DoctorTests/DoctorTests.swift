import DaxDevices
import DaxHost
import DaxMachine
import DaxSystem
import DaxText
import TestSupport
import Testing

@testable import DaxDoctor

@Suite struct DoctorTests {
    /// A made /proc and /sys, and what is put into them.
    private func roots(_ scratch: Scratch, _ files: [String: String]) throws -> Roots {
        for (name, text) in files { try scratch.write(name, Array(text.utf8)) }
        let root = scratch.path
        return Roots(sys: "\(root)/sys", proc: "\(root)/proc", dev: "\(root)/dev")
    }

    @Test func aLineNamesWhatMendsIt() {
        let lines = DoctorReport(
            "a run",
            [
                .ok("KVM", "works"),
                .missing("QEMU", "none", mend: "ci/fetch-qemu", essential: true),
            ]
        ).text
        #expect(
            lines == "ok       KVM   works\nmissing  QEMU  none; mend: ci/fetch-qemu\n"
                + "a run is not possible here: see QEMU\n")
    }

    @Test func onlyWhatIsEssentialDecides() {
        let slow = DoctorReport(
            "a run", [.ok("a", "b"), .broken("KVM", "no", mend: "x")])
        #expect(slow.isPossible && slow.conclusion == "a run is possible here")
        let none = DoctorReport(
            "a run", [.missing("QEMU", "no", mend: "x", essential: true)])
        #expect(!none.isPossible && none.conclusion == "a run is not possible here: see QEMU")
        #expect(none.json["possible"] == .bool(false))
    }

    @Test func anEmptyHostHasNeitherQEMUNorKernel() throws {
        // A host may have installed either; then it is not missing.
        let scratch = try Scratch()
        let found = try MachineDoctor(
            cache: "/nonexistent",
            roots: roots(scratch, ["proc/meminfo": "MemAvailable: 100 kB\n"])
        ).diagnoses()
        withExtendedLifetime(scratch) {}
        let kernel = try #require(found.first { $0.subject == "kernel" })
        if (try? InstalledKernel.find(cache: "/nonexistent")) == nil {
            #expect(kernel.state == .missing && kernel.isEssential)
            #expect(kernel.remedy?.hasPrefix("daxtorture fetch") == true)
        }
        let kvm = try #require(found.first { $0.subject == "KVM" })
        #expect(kvm.state == .missing && !kvm.isEssential)
        let memory = try #require(found.first { $0.subject == "memory" })
        #expect(memory.state == .missing && memory.isEssential)
    }

    /// The group of a container counts, too.
    @Test func memoryIsWhatTheGroupLeaves() throws {
        let scratch = try Scratch()
        let free = try roots(scratch, ["proc/meminfo": "MemTotal: 1 kB\nMemAvailable: 2048 kB\n"])
        #expect(HostMemory(roots: free).available == 2 << 20)
        let group = try roots(
            scratch,
            ["sys/fs/cgroup/memory.max": "1000\n", "sys/fs/cgroup/memory.current": "400\n"])
        #expect(HostMemory(roots: group).available == 600)
        _ = try roots(scratch, ["sys/fs/cgroup/memory.max": "max\n"])
        #expect(HostMemory(roots: group).available == 2 << 20)
        #expect(HostMemory(roots: Roots(proc: "/nonexistent")).available == nil)
    }

    @Test(arguments: [
        ("memmap=1G!4G", ["ok"], "1GiB!4GiB"), ("memmap=2G!3G", ["broken"], "begins below 4 GiB"),
        ("memmap=1g!2g", ["ok"], "1GiB!2GiB"), ("memmap=nopentium memmap=512M$1G quiet", [], ""),
    ])
    func memmapThatReachesTheHoleIsNamed(_ line: String, _ states: [String], _ text: String)
        throws
    {
        let scratch = try Scratch()
        let roots = try roots(
            scratch, ["proc/cmdline": "quiet \(line)\n", "sys/block/pmem0/size": "1\n"])
        let found = PmemDoctor(roots: roots).diagnoses.filter { $0.subject == "memmap" }
        #expect(found.map(\.state.rawValue) == states)
        #expect(found.allSatisfy { $0.finding.contains(text) })
    }

    @Test func fragmentsAreCounted() throws {
        let scratch = try Scratch()
        let memory = "00000000-00000000 : Persistent Memory (legacy)\n"
        let roots = try roots(
            scratch, ["proc/cmdline": "memmap=1G!8G\n", "proc/iomem": memory + memory])
        let found = PmemDoctor(roots: roots).diagnoses
        #expect(found.contains { $0.subject == "memmap" && $0.finding.contains("2 fragments") })
        // And there is no driver.
        #expect(found.contains { $0.subject == "pmem" && $0.remedy?.contains("nd_e820") == true })
    }

    @Test func libpmem2Answers() { #expect(PMem2Library.complaint() == nil) }

    @Test func theClockMustBeTrusted() throws {
        let path = "sys/devices/system/clocksource/clocksource0/current_clocksource"
        let (one, two) = (try Scratch("tsc"), try Scratch("hpet"))
        let trusted = try RightsDoctor(roots: roots(one, [path: "tsc\n"])).diagnoses
        #expect(trusted.last?.state == .ok)
        let other = try RightsDoctor(roots: roots(two, [path: "hpet\n"])).diagnoses
        #expect(other.last?.state == .broken && other.last?.finding.contains("hpet") == true)
        withExtendedLifetime((one, two)) {}
    }

    @Test func aDirectoryThatIsNotOnDAXIsTold() throws {
        let found = MountDoctor("/proc").diagnoses()
        #expect(found.count == 1 && found[0].isEssential)
        #expect(found[0].finding.contains("is proc on proc; only ext4 and xfs"))
        #expect(MountDoctor("/nonexistent").diagnoses()[0].state == .missing)
    }

    /// Each reason of a mount of its own, by what the kernel would show of it.
    @Test func theReasonsAreTold() throws {
        let scratch = try Scratch()
        func states(_ options: String, dax: String) throws -> [String: Diagnosis] {
            let roots = try roots(
                scratch,
                [
                    "proc/self/mountinfo":
                        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
                        + "23 1 259:0 / \(scratch.path) rw - ext4 /dev/pmem0 rw\(options)\n",
                    "sys/dev/block/259:0/queue/dax": dax,
                ])
            let found = MountDoctor(scratch.path, roots: roots).diagnoses()
            return Dictionary(uniqueKeysWithValues: found.map { ($0.subject, $0) })
        }
        let disk = try states("", dax: "0\n")
        #expect(disk["device"]?.state == .broken && disk["device"]?.isEssential == true)
        #expect(disk["option"] == nil)
        let never = try states(",dax=never", dax: "1\n")
        #expect(never["option"]?.state == .broken)
        #expect(never["option"]?.remedy?.contains("mount -o dax=always /dev/pmem0") == true)
        let inode = try states("", dax: "1\n")
        #expect(inode["device"]?.state == .ok && inode["option"]?.state == .missing)
        #expect(try states(",dax=always", dax: "1\n")["option"]?.state == .ok)
        // A new file here is on no DAX, whatever the made tree says.
        #expect(inode["file"]?.state == .broken && inode["file"]?.isEssential == true)
    }

    @Test func aConfigurationIsCompared() throws {
        let all = KernelNeed.all.map(\.line)
        let whole = try #require(KernelConfig(text: all.joined(separator: "\n")))
        #expect(ConfigDoctor.diagnoses(whole, path: "c").map(\.state) == [.ok])
        let text = all.filter { !$0.contains("FS_DAX=") && !$0.contains("KPROBES=") }
            .joined(separator: "\n")
        let lacking = ConfigDoctor.diagnoses(try #require(KernelConfig(text: text)), path: "c")
        #expect(lacking.map(\.subject) == ["FS_DAX", "KPROBES", "config"])
        #expect(lacking.map(\.isEssential) == [true, false, false])
        #expect(lacking[0].remedy == "scripts/config --file c -e FS_DAX && make olddefconfig")
        let module = all.joined(separator: "\n").replacing("CONFIG_PCI=y", with: "CONFIG_PCI=m")
        let loaded = ConfigDoctor.diagnoses(try #require(KernelConfig(text: module)), path: "c")
        #expect(loaded[0].finding.contains("nothing loads it"))
    }
}
