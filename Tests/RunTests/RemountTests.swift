import DaxConfig
import DaxHost
import DaxModel
import DaxReport
import DaxSystem
import DaxText
import TestSupport
import Testing

@testable import DaxOperations
@testable import DaxTorture

/// What is looked at when the filesystem was unmounted: the files, and the filesystem itself. It needs no
/// DAX, and no mount.
@Suite struct RemountTests {
    private let scratch: Scratch
    private let torture: Torture

    init() throws {
        try Mapping.guardAccess()
        scratch = try Scratch("remount")
        var config = Config()
        (config.fs.dax, config.fs.mount, config.fs.files) = (.never, scratch.path, 2)
        config.fs.fileSize = ByteSize(bytes: 8 * 4096)
        torture = Torture(
            config, seed: 7, nonce: 1, slack: 0, directory: scratch.path,
            listener: Torture.Listener(progress: { _ in }, stopRequested: { false }))
        try torture.makeFiles()
    }

    private func store(_ value: UInt64, at word: UInt64, of file: Int) throws {
        var one = Buffer(words: 1)
        one[0] = value
        _ = try File(torture.files[file].path).write(at: word * 8, count: 1, from: one)
    }

    @Test func filesThatAreAsTheyWereAreNoViolation() throws {
        let report = try torture.auditAfterRemount()
        #expect(report.violationsTotal == 0)
        // Each of two files, by four paths.
        #expect(report.checks.words == 2 * 4 * 4096)
    }

    @Test func aWordThatIsNotWhatItWasIsAViolation() throws {
        try store(77, at: 1000, of: 1)
        let report = try torture.auditAfterRemount()
        let violation = try #require(report.violations.first)
        #expect(report.violationsTotal == 1)
        #expect(violation.rule == .audit && violation.file == "file1" && violation.offset == 8000)
        #expect(violation.expected == hex(0) && violation.observed == hex(77))
        #expect(
            violation.story
                == "after umount and mount the file holds \(hex(77)) at offset 8000, "
                + "before it was \(hex(0))")
    }

    @Test func aWordThatWasLostIsAViolation() throws {
        torture.files[0].words[4095] = 5
        let report = try torture.auditAfterRemount()
        #expect(report.violations.map(\.rule) == [.audit])
        #expect(report.violations.map(\.offset) == [32760])
        #expect(report.violations.map(\.expected) == [hex(5)])
    }

    @Test(arguments: [4096, 9 * 4096] as [UInt64])
    func aFileOfAnotherSizeIsAViolation(_ size: UInt64) throws {
        try File(torture.files[0].path).truncate(to: size)
        let report = try torture.auditAfterRemount()
        #expect(report.violations.map(\.rule) == [.audit])
        #expect(report.violations.map(\.file) == ["file0"])
        #expect(report.violations.map(\.expected) == ["32768 bytes"])
        #expect(report.violations.map(\.observed) == ["\(size) bytes"])
    }

    /// A file of 16 MiB with ext4 on it.
    private func volume() throws -> Volume {
        let image = "\(scratch.path)/image"
        try File(image, [.create, .exclusive]).truncate(to: 16 << 20)
        let made = try ChildProcess.run(
            [try #require(ChildProcess.find("mke2fs")), "-q", "-F", "-t", "ext4", image],
            seconds: 60)
        #expect(made.exit == .exited(0))
        return Volume(
            config: FilesystemConfig(), device: image, mountPoint: "\(scratch.path)/none")
    }

    @Test func aSoundFilesystemIsNoViolation() throws {
        let report = torture.check(try volume())
        #expect(report.violationsTotal == 0 && report.notes == [])
    }

    /// The inode of lost+found is cleared.
    @Test func whatTheCheckerComplainsOfIsAViolation() throws {
        let volume = try volume()
        let debugfs = try #require(ChildProcess.find("debugfs"))
        _ = try ChildProcess.run([debugfs, "-w", "-R", "clri <11>", volume.device], seconds: 60)
        let report = torture.check(volume)
        let violation = try #require(report.violations.first)
        #expect(report.violationsTotal == 1)
        #expect(violation.rule == .bystanders && violation.expected == "a sound filesystem")
        #expect(violation.story == "after umount the filesystem's own checker complains")
        #expect(violation.operations.contains { $0.contains("lost+found") })
    }

    /// A checker that could not do its work says nothing of the filesystem.
    @Test func aCheckThatCannotBeMadeIsNoted() throws {
        let volume = Volume(
            config: FilesystemConfig(), device: "\(scratch.path)/absent", mountPoint: "/none")
        let report = torture.check(volume)
        #expect(report.violationsTotal == 0)
        #expect(report.notes.count == 1)
        #expect(report.notes.first?.hasPrefix("the filesystem was not checked") == true)
    }
}
