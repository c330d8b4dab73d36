import DaxHost
import DaxSystem
import Glibc
import TestSupport
import Testing

/// What is written into a directory that is held, when somebody plays with its path and names, or when
/// there is no room.
@Suite struct DirectoryTests {
    private func link(_ name: String, in scratch: Scratch, to target: String) {
        let result = unsafe symlink(target, "\(scratch.path)/\(name)")
        #expect(result == 0)
    }

    @Test func replacesInOneStep() throws {
        let scratch = try Scratch()
        let directory = try Directory(scratch.path)
        try directory.replace("a", with: [1])
        try directory.replace("a", with: [2, 3])
        #expect(try Files.names(in: scratch.path) == ["a"])
        #expect(try Files.read("\(scratch.path)/a") == [2, 3])
    }

    /// Neither the name nor the one that its bytes have first is followed.
    @Test(arguments: ["a", "a.new"])
    func writesThroughNoLink(_ name: String) throws {
        let scratch = try Scratch("link\(name)")
        try scratch.write("inner/keep", [0])
        try scratch.write("precious", [7])
        link("inner/\(name)", in: scratch, to: "../precious")
        let directory = try Directory("\(scratch.path)/inner")
        try directory.replace("a", with: [1])
        #expect(try Files.read("\(scratch.path)/precious") == [7])
        #expect(try Files.read("\(scratch.path)/inner/a") == [1])
    }

    /// Nor is one that leads nowhere: the file that it names is not made.
    @Test func makesNoFileThroughALink() throws {
        let scratch = try Scratch()
        link("console.log", in: scratch, to: "elsewhere")
        let directory = try Directory(scratch.path)
        let isTaken = directory.contains("console.log")
        #expect(isTaken)
        #expect(throws: SystemError.self) { _ = try directory.create("console.log") }
        #expect(!Files.exists("\(scratch.path)/elsewhere"))
    }

    @Test func anInnerDirectoryIsNoLink() throws {
        let scratch = try Scratch()
        try scratch.write("elsewhere/keep", [0])
        link("inner", in: scratch, to: "elsewhere")
        let directory = try Directory(scratch.path)
        #expect(throws: SystemError.self) { _ = try Directory(making: "inner", in: directory) }
        let made = try Directory(making: "made", in: directory)
        try made.replace("a", with: [1])
        #expect(try Files.read("\(scratch.path)/made/a") == [1])
        #expect(try Files.names(in: "\(scratch.path)/elsewhere") == ["keep"])
    }

    /// Another one has its path by then.
    @Test func followsNoOtherDirectory() throws {
        let scratch = try Scratch()
        try scratch.write("a/keep", [0])
        let directory = try Directory("\(scratch.path)/a")
        let before = directory.isAtItsPath
        try Files.rename("\(scratch.path)/a", to: "\(scratch.path)/b")
        try scratch.write("a/report", [7])
        let after = directory.isAtItsPath
        #expect(before && !after)
        try directory.replace("report", with: [1])
        #expect(try Files.read("\(scratch.path)/a/report") == [7])
        #expect(try Files.read("\(scratch.path)/b/report") == [1])
    }

    /// No file may grow beyond 64 KiB here, as on a full disk: in a process of its own.
    @Test func aFailureLeavesTheOldBytesAndNothingElse() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch("limit")
            let directory = try Directory(scratch.path)
            try directory.replace("a", with: [1])
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 65536, rlim_max: 65536)
            let result = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            try #require(result == 0)
            var code: Int32?
            do throws(SystemError) {
                try directory.replace("a", with: [UInt8](repeating: 2, count: 100_000))
            } catch { code = error.code }
            try #require(code == EFBIG)
            try #require(Files.names(in: scratch.path) == ["a"])
            try #require(Files.read("\(scratch.path)/a") == [1])
        }
    }

    @Test func aRemovedOneIsNotMadeAnew() throws {
        let scratch = try Scratch()
        try Files.makeDirectory("\(scratch.path)/a")
        let directory = try Directory("\(scratch.path)/a")
        try Files.removeDirectory("\(scratch.path)/a")
        #expect(throws: SystemError.self) { try directory.replace("report", with: [1]) }
        #expect(!Files.exists("\(scratch.path)/a"))
    }
}
