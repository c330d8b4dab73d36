import DaxOperations
import Testing

/// Scripts whose steps go together, and such that would wait for ever.
@Suite struct ScenarioTests {
    private func complaints(_ scripts: [String: String], once: Bool) throws -> [String?] {
        let scenario = Scenario(
            try scripts.sorted { $0.key < $1.key }.map { name, steps in
                Scenario.Script(
                    name, count: 1, try steps.split(separator: ";").map { try Order(String($0)) })
            }, once: once)
        return scripts.keys.sorted().map {
            scenario.complaint(of: $0, epoch: 1_000_000_000, limit: 4 << 20)
        }
    }

    @Test(arguments: [
        ["a": "meet 1;meet 2", "b": "meet 1;meet 2"],
        ["a": "meet 1;repeat 3", "b": "meet 1;fsync f0;meet 1;meet 1"],
        ["a": "meet 1;meet 2", "b": "meet 1", "c": "meet 2"],
        ["a": "fsync f0;after b 1", "b": "fsync f0;after a 1"],
        ["a": "after b 2;meet 1", "b": "fsync f0;fsync f0;meet 1;after a 2"],
        ["a": "after b 1;repeat 2", "b": "fsync f0"],
    ])
    func theseComeToTheirEnds(_ scripts: [String: String]) throws {
        for once in [false, true] {
            #expect(try complaints(scripts, once: once).allSatisfy { $0 == nil }, "\(once)")
        }
    }

    @Test(arguments: [
        (["a": "meet 1;meet 2", "b": "meet 2;meet 1"], "b at \"meet 2\", a at \"meet 1\""),
        (["a": "after b 2", "b": "fsync f0;after a 1"], "b at \"after a 1\", a at \"after b 2\""),
        (
            ["a": "meet 1;after b 3", "b": "meet 1;meet 2;fsync f0", "c": "after a 2;meet 2"],
            "c at \"after a 2\", a at \"after b 3\", b at \"meet 2\""
        ),
    ])
    func theseDoNot(_ scripts: [String: String], _ places: String) throws {
        for once in [false, true] {
            let complaints = try complaints(scripts, once: once)
            #expect(complaints.last == "scripts wait for each other for ever: \(places)")
            #expect(complaints.allSatisfy { $0?.hasPrefix("scripts wait for each") == true })
        }
    }

    /// What would come again is not there where each list is carried out once.
    @Test func onceIsNotAgainAndAgain() throws {
        let scripts = ["a": "meet 1;meet 1", "b": "meet 1"]
        #expect(try complaints(scripts, once: false) == [nil, nil])
        #expect(
            try complaints(scripts, once: true) == [
                "scripts wait for each other for ever: a at \"meet 1\", b at its end", nil,
            ])
    }
}
