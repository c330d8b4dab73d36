import DaxHost
import DaxReport
import DaxSystem
import DaxText
import Testing

/// Runs `body` in a fresh directory, which is empty again, and gone, when it returns.
private func inScratch(_ body: (String) throws -> Void) throws {
    let path = "/tmp/daxtorture-test-\(UInt64.random(in: 0...(.max)))"
    try Files.makeDirectory(path)
    defer {
        for name in (try? Files.names(in: path)) ?? [] {
            let inner = "\(path)/\(name)"
            for file in (try? Files.names(in: inner)) ?? [] {
                try? Files.remove("\(inner)/\(file)")
            }
            try? Files.removeDirectory(inner)
            try? Files.remove(inner)
        }
        try? Files.removeDirectory(path)
    }
    try body(path)
}

private func complaint(_ path: String) -> String {
    do {
        _ = try ReportDirectory(path)
        return "nothing wrong"
    } catch {
        return "\(error)"
    }
}

@Suite struct ReportDirectoryTests {
    @Test func takesAReport() throws {
        try inScratch { scratch in
            do {
                let directory = try ReportDirectory("\(scratch)/r1")
                directory.keep(cleanReport())
                directory.keep(HostFigures(started: 1, boot: 2.5, total: 30))
            }
            #expect(try Files.names(in: "\(scratch)/r1") == ["host.json", "report.json"])
            let text = try Files.text("\(scratch)/r1/report.json")
            #expect(try Report(json: JSON(text)) == cleanReport())
        }
    }

    @Test func takesAnEmptyDirectory() throws {
        try inScratch { scratch in
            try Files.makeDirectory("\(scratch)/r1")
            #expect(complaint("\(scratch)/r1/") == "nothing wrong")
        }
    }

    @Test(arguments: ReportDirectory.files)
    func refusesOneThatHoldsAReport(_ file: String) throws {
        try inScratch { scratch in
            try Files.makeDirectory("\(scratch)/r1")
            try Files.write([1], to: "\(scratch)/r1/\(file)")
            #expect(
                complaint("\(scratch)/r1")
                    == "report directory \(scratch)/r1: holds a report already (\(file)); name another"
            )
            #expect(try Files.read("\(scratch)/r1/\(file)") == [1])
        }
    }

    @Test func refusesOneInUse() throws {
        try inScratch { scratch in
            do {
                let first = try ReportDirectory("\(scratch)/r1")
                #expect(
                    complaint("\(scratch)/r1")
                        == "report directory \(scratch)/r1: in use by another run")
                #expect(first.path == "\(scratch)/r1")
            }
            #expect(complaint("\(scratch)/r1") == "nothing wrong")
        }
    }

    @Test func refusesAMissingParent() throws {
        try inScratch { scratch in
            #expect(
                complaint("\(scratch)/no/r1")
                    == "report directory \(scratch)/no/r1: there is no directory \(scratch)/no "
                    + "to make it in")
            #expect(!Files.exists("\(scratch)/no"))
        }
    }

    @Test func refusesAFile() throws {
        try inScratch { scratch in
            try Files.write([], to: "\(scratch)/f")
            #expect(
                complaint("\(scratch)/f") == "report directory: \(scratch)/f is not a directory")
            #expect(
                complaint("\(scratch)/f/r") == "report directory: \(scratch)/f is not a directory")
        }
    }

    @Test func leavesNothingOfADiscardedOne() throws {
        try inScratch { scratch in
            try ReportDirectory("\(scratch)/new").discard()
            #expect(!Files.exists("\(scratch)/new"))
            try Files.makeDirectory("\(scratch)/old")
            try ReportDirectory("\(scratch)/old").discard()
            #expect(Files.exists("\(scratch)/old"))
            let used = try ReportDirectory("\(scratch)/used")
            used.keep(cleanReport())
            used.discard()
            #expect(Files.exists("\(scratch)/used/report.json"))
        }
    }

    /// A name that leads nowhere would be written through.
    @Test func refusesOneWithALinkInAReportsPlace() throws {
        try inScratch { scratch in
            try Files.makeDirectory("\(scratch)/r1")
            let link = ["/bin/ln", "-s", "../elsewhere", "\(scratch)/r1/report.json"]
            try #require(try ChildProcess.run(link, seconds: 30).exit == .exited(0))
            #expect(complaint("\(scratch)/r1").contains("holds a report already (report.json)"))
            #expect(!Files.exists("\(scratch)/elsewhere"))
        }
    }

    /// What cannot be written is told, and no reason to forget what there was to write.
    @Test func notesWhatItCannotTake() throws {
        try inScratch { scratch in
            let directory = try ReportDirectory("\(scratch)/r1")
            let inner = try ReportDirectory("without-dax", in: directory)
            directory.keep(cleanReport())
            #expect(directory.missing.isEmpty)
            try Files.removeDirectory("\(scratch)/r1/without-dax")
            inner.keep(cleanReport())
            inner.keep(HostFigures(started: 1, boot: 2.5, total: 30))
            #expect(
                inner.missing
                    == ["report.json", "host.json"].map {
                        "openat \(scratch)/r1/without-dax/\($0).new: No such file or directory (ENOENT)"
                    })
            #expect(try Files.names(in: "\(scratch)/r1") == ["report.json"])
        }
    }

    /// The directory that has its path by then is another's.
    @Test func discardsNoOtherDirectory() throws {
        try inScratch { scratch in
            let directory = try ReportDirectory("\(scratch)/new")
            try Files.rename("\(scratch)/new", to: "\(scratch)/old")
            try Files.makeDirectory("\(scratch)/new")
            directory.discard()
            #expect(try Files.names(in: scratch) == ["new", "old"])
        }
    }
}
