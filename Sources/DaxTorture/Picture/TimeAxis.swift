/// Time from left to right, all of one scale, with what lies far from everything of interest cut out.
package struct TimeAxis: Hashable, Sendable {
    /// A piece without a cut.
    package struct Piece: Hashable, Sendable {
        package let times: ClosedRange<UInt64>
        package let x: Double
        package let width: Double
    }

    package let pieces: [Piece]
    /// Pixels of a nanosecond.
    package let scale: Double

    /// How wide a cut is.
    static let cut = 18.0
    static let mostPieces = 8

    /// An axis from `left`, `width` pixels wide, that shows all of `times` and `margin` nanoseconds before
    /// and after each.
    package init(showing times: [ClosedRange<UInt64>], margin: UInt64, left: Double, width: Double)
    {
        let wanted = times.map {
            $0.lowerBound - min(margin, $0.lowerBound)...$0.upperBound
                + min(margin, .max - $0.upperBound)
        }.sorted { $0.lowerBound < $1.lowerBound }
        var shown: [ClosedRange<UInt64>] = []
        for range in wanted.isEmpty ? [0...max(margin, 1)] : wanted {
            // A cut that saves little costs more than it is worth.
            if let last = shown.last,
                range.lowerBound < last.upperBound + min(margin, .max - last.upperBound)
            {
                shown[shown.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                shown.append(range)
            }
        }
        // Of many, the nearest are joined: cuts take room.
        while shown.count > TimeAxis.mostPieces {
            let gaps = shown.indices.dropFirst().map {
                shown[$0].lowerBound - shown[$0 - 1].upperBound
            }
            let index = gaps.indices.min { gaps[$0] < gaps[$1] }! + 1
            shown[index - 1] = shown[index - 1].lowerBound...shown[index].upperBound
            shown.remove(at: index)
        }
        let total = shown.reduce(0.0) { $0 + Double($1.upperBound - $1.lowerBound) }
        let room = width - TimeAxis.cut * Double(shown.count - 1)
        let scale = room / max(total, 1)
        var x = left
        var pieces: [Piece] = []
        for range in shown {
            let width = Double(range.upperBound - range.lowerBound) * scale
            pieces.append(Piece(times: range, x: x, width: width))
            x += width + TimeAxis.cut
        }
        (self.pieces, self.scale) = (pieces, scale)
    }

    package var left: Double { pieces[0].x }
    package var right: Double { pieces[pieces.count - 1].x + pieces[pieces.count - 1].width }

    /// The first instant that is shown.
    package var begin: UInt64 { pieces[0].times.lowerBound }

    /// The last instant that is shown.
    package var end: UInt64 { pieces[pieces.count - 1].times.upperBound }

    /// Where an instant lies; what is cut out lies in the cut, what is beyond at the end.
    package func x(_ time: UInt64) -> Double {
        for (index, piece) in pieces.enumerated() {
            if time < piece.times.lowerBound {
                return index == 0 ? piece.x : piece.x - TimeAxis.cut / 2
            }
            if piece.times.contains(time) {
                return piece.x + Double(time - piece.times.lowerBound) * scale
            }
        }
        return right
    }

    /// Whether any of it is shown.
    package func shows(_ times: ClosedRange<UInt64>) -> Bool {
        pieces.contains { $0.times.overlaps(times) }
    }

    /// The widest part of it that no cut parts.
    package func widest(_ times: ClosedRange<UInt64>) -> (x: Double, width: Double)? {
        pieces.filter { $0.times.overlaps(times) }.map { piece in
            let shown = times.clamped(to: piece.times)
            return (x: x(shown.lowerBound), width: x(shown.upperBound) - x(shown.lowerBound))
        }.max { $0.width < $1.width }
    }

    /// How much was cut out before a piece.
    package func gap(before index: Int) -> UInt64 {
        index == 0 ? 0 : pieces[index].times.lowerBound - pieces[index - 1].times.upperBound
    }

    /// From one tick to the next, in nanoseconds: 1, 2 or 5 times a power of ten, and some 80 pixels.
    package var step: UInt64 {
        let least = 80 / scale
        var power = 1.0
        while power * 10 <= least { power *= 10 }
        let step = [1.0, 2, 5, 10].first { $0 * power >= least } ?? 10
        return UInt64(max(step * power, 1))
    }

    /// The instants of a piece that have a tick.
    package func ticks(of piece: Piece) -> [UInt64] {
        let (first, last) = (piece.times.lowerBound / step, piece.times.upperBound / step)
        return (first...last).map { $0 * step }.filter { piece.times.contains($0) }
    }
}
