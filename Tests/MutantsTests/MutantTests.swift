import DaxMutants
import Testing

@Suite struct MutantTests {
    @Test func everyMutantIsFoundByItsName() {
        #expect(Set(Mutant.all.map(\.name)).count == Mutant.all.count)
        for mutant in Mutant.all { #expect(Mutant.named(mutant.name)?.name == mutant.name) }
        #expect(Mutant.named("ext4") == nil)
    }

    @Test func everyMutantBreaksThe61ThatIsTheDefault() throws {
        for mutant in Mutant.all {
            let edges = try #require(mutant.edges(on: KernelVersion(6, 1)), "\(mutant.name)")
            #expect(!edges.isEmpty && !mutant.rules.isEmpty)
            #expect(mutant.edges(on: KernelVersion(5, 10)) == nil)
        }
    }

    @Test func theEdgesOfTwoMutantsAddUp() {
        for fs in ["ext4", "xfs"] {
            for version in [KernelVersion(6, 1), KernelVersion(6, 12), KernelVersion(7, 3)] {
                let punch = Mutant.named("\(fs)-stale-punch")?.edges(on: version) ?? []
                let truncate = Mutant.named("\(fs)-stale-truncate")?.edges(on: version) ?? []
                let both = Mutant.named("\(fs)-stale-mapping")?.edges(on: version)
                #expect(punch.count == 2 && truncate.count == 2 && both == punch + truncate)
            }
        }
    }

    @Test func everyKindOfBugIsThereForBothFilesystems() {
        for fs in ["ext4-dax", "xfs-dax"] {
            #expect(
                Set(Mutant.all.filter { $0.filesystem == fs }.map(\.bug))
                    == Set(Mutant.Bug.allCases))
        }
    }

    @Test(arguments: [
        ("6.1.0-50-cloud-amd64", KernelVersion(6, 1)),
        ("6.12.95+deb13-amd64", KernelVersion(6, 12)),
        ("7.3-rc1", KernelVersion(7, 3)), ("6.1", KernelVersion(6, 1)),
    ])
    func readsAVersion(release: String, version: KernelVersion) {
        #expect(KernelVersion(release: release) == version)
    }

    @Test(arguments: ["", "6", "six.one", "6.", "-6.1", "6.x"])
    func refusesWhatIsNoRelease(text: String) {
        #expect(KernelVersion(release: text) == nil)
    }

    @Test func versionsAreOrderedByNumbers() {
        #expect(KernelVersion(6, 9) < KernelVersion(6, 12))
        #expect(KernelVersion(6, 19) < KernelVersion(7, 0))
        #expect(!(KernelVersion(6, 1) < KernelVersion(6, 1)))
    }
}
