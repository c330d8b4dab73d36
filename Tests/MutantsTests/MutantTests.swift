import DaxModel
import DaxMutants
import Testing

@Suite struct MutantTests {
    @Test func everyMutantIsFoundByItsName() {
        #expect(Set(Mutant.all.map(\.name)).count == Mutant.all.count)
        for mutant in Mutant.all { #expect(Mutant.named(mutant.name)?.name == mutant.name) }
        #expect(Mutant.named("ext4") == nil)
    }

    @Test func everyMutantIsKnownForTheKernelsThatWereLookedAt() throws {
        for mutant in Mutant.all {
            let known = [KernelVersion(6, 1), KernelVersion(6, 12), KernelVersion(7, 3)].filter {
                mutant.edges(on: $0)?.isEmpty == false
            }
            // Sharing is broken in 6.1 by itself, and 7.3 insists on a lock. Only in 6.1 a fault of
            // XFS takes its lock twice, so that there is something to leave.
            let isOfOneKernel = mutant.name == "xfs-unserialised-lookup"
            #expect(
                isOfOneKernel
                    ? known == [KernelVersion(6, 1)]
                    : known.contains(KernelVersion(6, 12)) && known.count >= 2, "\(mutant.name)")
            #expect(mutant.edges(on: KernelVersion(5, 10)) == nil)
        }
    }

    @Test func aMutantBreaksARuleOrSaysWhyNot() {
        for mutant in Mutant.all {
            #expect(mutant.rules.isEmpty == (mutant.equivalent != nil), "\(mutant.name)")
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

    @Test func everyKindOfBugIsThere() {
        func kinds(_ fs: String) -> Set<Mutant.Bug> {
            Set(Mutant.all.filter { $0.filesystem == fs }.map(\.bug))
        }
        // ext4 shares no blocks; XFS has no cache of extents besides the extents, and looks at
        // its log without a call.
        let all = Set(Mutant.Bug.allCases)
        #expect(kinds("ext4-dax") == all.subtracting([.brokenSharing]))
        #expect(kinds("xfs-dax") == all.subtracting([.staleExtents, .noSyncFault]))
    }

    @Test func anEdgeNamesThePlacesItMeans() {
        #expect(Edge("a", "b").description == "a -> b")
        #expect(Edge("a", "b", only: [3, 1], of: 4).description == "a -> b (1, 3 of 4)")
    }

    @Test func placesAreThoseThereAre() async {
        await #expect(processExitsWith: .failure) { _ = Edge("a", "b", only: [3], of: 2) }
        await #expect(processExitsWith: .failure) { _ = Edge("a", "b", only: [], of: 2) }
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
