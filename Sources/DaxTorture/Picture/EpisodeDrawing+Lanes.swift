import DaxModel
import DaxReport

extension EpisodeDrawing {
    /// How high the offsets of a lane are, and a bar of what concerns the whole file.
    private static let (offsets, strip) = (48.0, 13.0)
    /// A bar of the proof has room for its hatching within its edge, however short it was.
    private static let leastProof = 9.0

    /// An actor's lane, with its bars; `y` moves below it.
    mutating func lane(of actor: Int, at y: inout Double) -> Markup {
        let events = view.events(of: actor)
        let across = events.filter { view.isWhole($0) }
        var lane = Markup()
        let top = y
        // The numbers of the proof stand above their bars.
        if across.contains(where: { $0.number != nil }) { y += 17 }
        for event in across {
            lane += bar(event, y: y, height: EpisodeDrawing.strip)
        }
        if !across.isEmpty { y += EpisodeDrawing.strip + 3 }
        let within = events.filter { !view.isWhole($0) }
        if !within.isEmpty {
            // So do the signs of faults.
            if within.contains(where: { $0.number != nil }) {
                y += 17
            } else if within.contains(where: { $0.order.faulted != "none" }) {
                y += 9
            }
            lane += scale(at: y)
            // Those of the proof last, on top of all.
            var seen: Set<[Int]> = []
            for event in within.filter({ $0.number == nil }) + within.filter({ $0.number != nil }) {
                guard case .range(let range) = event.reach else { continue }
                let place = [view.axis.x(event.order.invoked), view.axis.x(event.order.returned)]
                // Another of no width at the same place adds nothing but bytes.
                guard
                    event.number != nil
                        || seen.insert(
                            place.map { Int($0) } + [
                                Int(range.lowerBound % 0x1_0000_0000),
                                Int(range.upperBound % 0x1_0000_0000),
                            ]
                        ).inserted
                else { continue }
                let (low, high) = (height(of: range.lowerBound), height(of: range.upperBound))
                let least = event.number == nil ? 5.0 : EpisodeDrawing.leastProof
                let above = min(max(high - low, least) + low, EpisodeDrawing.offsets)
                lane += bar(
                    event, y: y + EpisodeDrawing.offsets - above, height: max(high - low, least))
            }
            y += EpisodeDrawing.offsets
        }
        let (name, role) = (view.episode.actors[actor].name, view.episode.actors[actor].role)
        lane += label(name, x: 4, y: max(top + 14, y - 26), "name")
        lane += label(role, x: 4, y: max(top + 27, y - 13), "tick")
        y = max(y, top + 30) + 8
        lane += Markup(
            "path",
            [
                "class": "rule",
                "d": "M0 \((y - 4).text)H\(EpisodeDrawing.right.text)",
            ])
        return lane
    }

    /// How far above the lane's ground an offset is; offsets grow upwards.
    private func height(of offset: UInt64) -> Double {
        let shown = view.offsets
        let at = min(max(offset, shown.lowerBound), shown.upperBound) - shown.lowerBound
        return EpisodeDrawing.offsets * Double(at)
            / Double(shown.upperBound - shown.lowerBound)
    }

    /// The pages, and the word's offset.
    private func scale(at y: Double) -> Markup {
        let (left, ground) = (EpisodeDrawing.left, y + EpisodeDrawing.offsets)
        let width = EpisodeDrawing.right - left
        var marks = Markup(
            "rect",
            ["class": "frame", "x": left, "y": y, "width": width, "height": EpisodeDrawing.offsets])
        for page in view.boundaries {
            let at = ground - height(of: page)
            marks += Markup(
                "path", ["class": "page", "d": "M\(left.text) \(at.text)h\(width.text)"])
        }
        let word = ground - height(of: view.episode.violation.offset)
        marks += Markup(
            "path", ["class": "word", "d": "M\(left.text) \(word.text)h\(width.text)"])
        marks += label(view.offsets.upperBound.hex, x: left - 6, y: y + 8, "tick end")
        if view.offsets.lowerBound != view.episode.violation.offset {
            marks += label(view.offsets.lowerBound.hex, x: left - 6, y: ground, "tick end")
        }
        // The word's own between them, where it does not hide one.
        let at = min(max(word + 3, y + 19), ground - 11)
        marks += label(
            "\u{25b8}" + view.episode.violation.offset.hex, x: left - 1, y: at, "tick strong end")
        return marks
    }

    /// An order's bar, with its fault, its failure and its number.
    private mutating func bar(_ event: EpisodeView.Event, y: Double, height: Double) -> Markup {
        let (order, times) = (event.order, event.times)
        let begin = view.axis.x(times.lowerBound)
        let isProof = event.number != nil
        let width = max(
            view.axis.x(times.upperBound) - begin, isProof ? EpisodeDrawing.leastProof : 3)
        let sort = Sort(kind: order.kind)
        add(Bar(event: event, x: begin, y: y, width: width, height: height))
        let file = order.file.flatMap { $0 == view.file ? nil : Int(exactly: $0) }
            .flatMap { view.episode.files.indices.contains($0) ? view.episode.files[$0].name : nil }
        let style =
            "bar \(sort.rawValue)" + (isProof ? " guilty" : "")
            + (order.isFailure ? " failed" : "")
        var parts = [
            Markup(
                "title", [:],
                order.told(by: view.episode.actors[event.actor].name, of: file)),
            Markup(
                "rect",
                [
                    "x": begin, "y": y, "width": width, "height": height,
                    "fill": sort.fill(prefix), "class": style,
                ]),
        ]
        parts.append(fault(order, x: begin, y: y))
        parts.append(failure(order, x: begin + width, y: y + height / 2))
        if let number = event.number {
            parts.append(callout(number, event, x: begin, y: y))
        } else if height > 9, let room = view.axis.widest(times),
            room.width > Double(order.kind.count) * 6.2 + 12
        {
            let middle = room.x + room.width / 2
            parts.append(label(order.kind, x: middle, y: y + height / 2 + 4, "inner middle"))
        }
        parts.append(arrows(times, y: y + height / 2))
        return Markup("g", [:], parts)
    }

    /// At the axis's ends, that an operation goes on beyond.
    private func arrows(_ times: ClosedRange<UInt64>, y: Double) -> Markup {
        let axis = view.axis
        var arrows = Markup()
        if times.lowerBound < axis.begin {
            let at = "M\((axis.left - 1).text) \(y.text)l8 -5v10z"
            arrows += Markup("path", ["class": "fault", "d": at])
        }
        if times.upperBound > axis.end {
            let at = "M\((axis.right + 1).text) \(y.text)l-8 -5v10z"
            arrows += Markup("path", ["class": "fault", "d": at])
        }
        return arrows
    }

    /// A triangle for a PTE, a square for a PMD, at the bar's beginning.
    private func fault(_ order: EpisodeOrder, x: Double, y: Double) -> Markup {
        let (x, y) = (x.text, y.text)
        return switch order.faulted {
        case "pte": Markup("path", ["class": "fault", "d": "M\(x) \(y)l-5 -8h10z"])
        case "pmd": Markup("path", ["class": "fault", "d": "M\(x) \(y)v-9m-5 0h10v8h-10z"])
        default: Markup()
        }
    }

    /// A cross for a signal, a bar across for an errno, at the bar's end.
    private func failure(_ order: EpisodeOrder, x: Double, y: Double) -> Markup {
        if !order.isFailure { return Markup() }
        let at = "M\(x.text) \(y.text)"
        if order.isSignal {
            return Markup(
                "path", ["class": "signal", "d": "\(at)m-5 -5l10 10m-10 0l10 -10"])
        }
        return Markup("path", ["class": "error", "d": "\(at)m0 -7v14m-4 -14h8m-8 14h8"])
    }

    /// The number in the proof, in a disc above the bar, and what it is.
    private func callout(
        _ number: Int, _ event: EpisodeView.Event, x: Double, y: Double
    ) -> Markup {
        let text = ([event.order.kind] + event.order.marks).joined(separator: ", ")
        let isLate = x + 30 + Double(text.count) * 6.6 > EpisodeDrawing.right
        // Beside a fault's sign, not over it.
        let disc = isLate ? x - 14 : x + 14
        return Markup([
            Markup("circle", ["class": "disc", "cx": disc, "cy": y - 9, "r": 7.5]),
            label("\(number)", x: disc, y: y - 5, "number middle"),
            label(
                text, x: isLate ? disc - 11 : disc + 11, y: y - 5,
                isLate ? "strong end" : "strong"),
        ])
    }
}
