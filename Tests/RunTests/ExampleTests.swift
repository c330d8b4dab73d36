import DaxHost
import DaxSystem
import TestSupport
import Testing

/// The examples of ci/examples that can be run without what they are made for.
@Suite struct ExampleTests {
    /// fstests' own functions, as far as the test calls them.
    private let preamble = """
        _begin_fstest() {
            seq=${0##*/} seqres=$RESULT_DIR/${0##*/} status=1
            echo "QA output created by $seq"
            trap 'exit $status' EXIT
        }
        _require_command() { [ -x "$1" ] || _notrun "$2 is not there"; }
        _require_test() { :; }
        _notrun() { echo "not run: $*"; status=77; exit; }
        _fail() { echo "failed: $*"; exit; }
        """

    @Test func theTestOfFstestsTellsWhatTheRunDid() throws {
        let scratch = try Scratch()
        try scratch.write("common/preamble", Array(preamble.utf8))
        try Files.makeDirectories("\(scratch.path)/results")
        let program = """
            #!/bin/sh
            [ "$1 $2 $3 $4" = "run --fs ext4-dax --mount" ] && [ -d "$5" ] || exit 3
            echo "0:01 left"
            echo "$SAYS"
            exit $STATUS
            """
        try scratch.write("daxtorture", Array(program.utf8))
        let test = "\(Host.repository)/ci/examples/fstests/900"
        func run(_ variables: [String]) throws -> (ChildProcess.Exit?, String) {
            let run = try ChildProcess.run(
                ["/bin/sh", "-c", "cd \(scratch.path) && chmod 755 daxtorture && exec \(test)"],
                environment: [
                    "PATH=/usr/bin:/bin", "RESULT_DIR=\(scratch.path)/results", "FSTYP=ext4",
                    "TEST_DIR=\(scratch.path)", "DAXTORTURE_PROG=\(scratch.path)/daxtorture",
                ] + variables, seconds: 60)
            return (run.exit, String(decoding: run.output, as: UTF8.self))
        }
        let clean = try run(["STATUS=0", "SAYS=clean: all of it"])
        #expect(clean.0 == .exited(0))
        #expect(clean.1 == (try Files.text("\(test).out")))
        let bad = try run(["STATUS=1", "SAYS=violation: R3"])
        #expect(bad.0 == .exited(1) && bad.1.contains("failed: violation: R3; see"))
        let none = try run(["STATUS=125", "SAYS=untested: no DAX"])
        #expect(none.0 == .exited(77) && none.1.contains("not run: untested: no DAX"))
        let odd = try run(["STATUS=137", "SAYS=x"])
        #expect(odd.0 == .exited(1) && odd.1.contains("exit status 137"))
        let other = try run(["FSTYP=btrfs"])
        #expect(other.0 == .exited(77) && other.1.contains("knows ext4 and xfs"))
        // It leaves nothing in the test directory.
        #expect(!Files.exists("\(scratch.path)/daxtorture-900"))
    }
}
