import DaxModel
import DaxOperations
import DaxPicture
import DaxReport
import Testing

/// What of an episode is drawn, and where.
@Suite struct ViewTests {
    private let view = EpisodeView(plausibleEpisode(), left: 100, width: 800)

    @Test func everyKindHasASort() {
        #expect(Set(Sort.kinds.keys) == Set(OperationKind.allCases.map(\.name)))
    }

    @Test func theProofIsNumberedInOrderOfTime() {
        #expect(view.proof.map(\.number) == [1, 2, 3])
        #expect(view.proof.map(\.order.kind) == ["store", "punch", "load"])
    }

    @Test func theAxisShowsTheProofAndWhatOverlapsIt() {
        for event in view.proof { #expect(view.axis.shows(event.times)) }
        let overlapping = view.events.filter { event in
            view.proof.contains { $0.times.overlaps(event.times) }
        }
        #expect(overlapping.count == 6)
        for event in overlapping {
            #expect(view.axis.shows(event.times.lowerBound...event.times.lowerBound))
            #expect(view.axis.shows(event.times.upperBound...event.times.upperBound))
        }
        // The store was 13 ms before all else.
        #expect(view.axis.pieces.count == 2)
    }

    @Test func thePagesAreThoseOfTheProof() {
        #expect(view.offsets == 0x30_4000..<0x30_6000)
    }

    @Test func whoDidNothingHereHasNoLane() {
        #expect(
            view.lanes.map { view.episode.actors[$0].name } == [
                "write 1", "punch 1", "read 1", "truncate 1",
            ])
    }

    @Test func timeGrowsToTheRight() {
        let axis = view.axis
        let times = view.events.flatMap { [$0.order.invoked, $0.order.returned] }.sorted()
        let places = times.map(axis.x)
        #expect(places == places.sorted())
        #expect(axis.left == 100 && abs(axis.right - 900) < 0.001)
        #expect(axis.x(0) == axis.left && axis.x(.max) == axis.right)
        for piece in axis.pieces {
            for (a, b) in zip(axis.ticks(of: piece), axis.ticks(of: piece).dropFirst()) {
                #expect(axis.x(b) - axis.x(a) >= 79)
            }
        }
    }

    @Test func aCutSaysHowMuchIsMissing() {
        let pieces = view.axis.pieces
        #expect(view.axis.gap(before: 1) == pieces[1].times.lowerBound - pieces[0].times.upperBound)
        #expect(view.axis.x(98_000_000) == pieces[1].x - 9)
    }

    @Test func theSizeIsThatOfTheCalls() {
        let history = SizeHistory(of: view)
        #expect(history.first == 0x40_0000)
        #expect(history.steps.map(\.size) == [0x38_0000, 0x40_0000])
        #expect(history.size(at: 104_139_999) == 0x40_0000)
        #expect(history.size(at: 104_140_000) == 0x38_0000)
    }

    @Test func theWordsHistoryIsWhatTouchedIt() {
        let history = WordHistory(of: view)
        #expect(
            history.events.map { history.effect(of: $0.order).rawValue } == [
                "wrote it", "zeroed it", "saw it", "saw it", "wrote it back", "saw it",
            ])
        var order = order(1, 2, "truncate", 0x30_5018, 0)
        #expect(history.effect(of: order) == .cut)
        order.offset = 0x30_5020
        #expect(history.effect(of: order) == .resized)
    }

    @Test func withoutAProofWhatCameLastIsShown() {
        var episode = plausibleEpisode()
        for actor in episode.actors.indices {
            for index in episode.actors[actor].orders.indices {
                episode.actors[actor].orders[index].proves = false
            }
        }
        (episode.begin, episode.end) = (110_000_000, 111_000_000)
        let view = EpisodeView(episode, left: 0, width: 800)
        #expect(view.proof.isEmpty)
        #expect(view.axis.shows(110_000_000...111_000_000))
        #expect(view.axis.shows(104_202_500...104_203_900))
    }
}
