extension Sort {
    /// The definitions that `fill` refers to, for one drawing.
    ///
    /// Each differs from the others in direction, density and shade, so that colour only helps.
    static func definitions(_ prefix: String) -> Markup {
        Markup("defs", [:], Sort.allCases.map { $0.pattern(prefix) })
    }

    /// What a bar's `fill` is.
    func fill(_ prefix: String) -> String { "url(#\(prefix)-\(rawValue))" }

    private func pattern(_ prefix: String) -> Markup {
        let shade = (self == .store ? "full " : "pale ") + rawValue
        return Markup(
            "pattern",
            [
                "id": "\(prefix)-\(rawValue)", "width": tile, "height": tile,
                "patternUnits": "userSpaceOnUse",
            ],
            [
                Markup(
                    "rect",
                    [
                        "width": tile, "height": tile, "class": shade,
                    ])
            ] + strokes.map { Markup("path", ["d": $0, "class": "hatch \(rawValue)"]) })
    }

    private var tile: Double {
        switch self {
        case .store, .load, .write, .read, .copy, .zeroing, .size, .other: 8
        case .sync, .mapping: 6
        }
    }

    private var strokes: [String] {
        switch self {
        case .store: []
        case .load: []
        case .write: ["M-2 2L2 -2M0 8L8 0M6 10L10 6"]
        case .read: ["M-2 6L2 10M0 0L8 8M6 -2L10 2"]
        case .copy: ["M0 8L8 0M0 0L8 8"]
        case .zeroing: ["M2 0V4M6 4V8"]
        case .size: ["M2 0V8M6 0V8"]
        case .sync: ["M0 3H6"]
        case .mapping: ["M2 3H4"]
        case .other: ["M0 4H8M4 0V8"]
        }
    }
}
