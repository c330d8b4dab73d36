import DaxHost
import DaxSystem
import Testing

@testable import DaxMachine

@Suite struct CacheDirectoryTests {
    @Test func theVariableComesFirstThenTheHomeDirectory() {
        #expect(CacheDirectory.path(cache: "/c", home: "/h") == "/c/daxtorture")
        #expect(CacheDirectory.path(cache: nil, home: "/h") == "/h/.cache/daxtorture")
    }

    /// As ci/lib.sh has it.
    @Test func withoutBothTheUserDatabaseIsAsked() throws {
        let asked = try ChildProcess.run(
            ["/bin/sh", "-c", "getent passwd $(id -u) | cut -d : -f 6"], seconds: 30)
        let home = String(decoding: asked.output, as: UTF8.self).split(separator: "\n").first ?? ""
        let places: [(String?, String?)] = [(nil, nil), ("cache", "home"), ("", ""), ("./c", ".")]
        for (cache, variable) in places {
            #expect(
                CacheDirectory.path(cache: cache, home: variable) == "\(home)/.cache/daxtorture")
        }
        #expect(CacheDirectory.path(cache: "c", home: "/h") == "/h/.cache/daxtorture")
    }
}
