/// The style, light and dark. Shades differ as well as colours, so that all of it can be read in black and
/// white; paper is light.
enum Stylesheet {
    /// Of the drawings alone.
    static let drawing: StaticString = """
        :root { --ground: #ffffff; --ink: #16191d; --soft: #57606a; --line: #c9d1d9; --band: #f3d98b;
          --store: #b5400e; --load: #0b5cad; --write: #8a2f86; --read: #0a6e8a; --copy: #00664b;
          --zeroing: #8a5a00; --size: #5b3fa8; --sync: #57606a; --mapping: #57606a; --other: #57606a }
        @media screen and (prefers-color-scheme: dark) { :root { --ground: #12161b; --ink: #f0f3f6;
          --soft: #a3adb8; --line: #3a434d; --band: #8f7010;
          --store: #ff9a6b; --load: #79b8ff; --write: #e49ae0; --read: #6fd3ea; --copy: #5fd6ad;
          --zeroing: #f2c05c; --size: #b9a3ff; --sync: #b1bac4; --mapping: #b1bac4; --other: #b1bac4 } }
        .store { --sort: var(--store) } .load { --sort: var(--load) } .write { --sort: var(--write) }
        .read { --sort: var(--read) } .copy { --sort: var(--copy) } .zeroing { --sort: var(--zeroing) }
        .size { --sort: var(--size) } .sync { --sort: var(--sync) } .mapping { --sort: var(--mapping) }
        .other { --sort: var(--other) }
        svg { font: 11px ui-sans-serif, system-ui, "Liberation Sans", "DejaVu Sans", sans-serif }
        svg text { fill: var(--ink) }
        .ground { fill: var(--ground) }
        .pale { fill: var(--ground) } .full { fill: var(--sort) }
        .hatch { stroke: var(--sort); stroke-width: 1.6; fill: none }
        .bar { stroke: var(--sort); stroke-width: 1.2 }
        .bar.guilty { stroke: var(--ink); stroke-width: 3 }
        .bar.failed { stroke-dasharray: 4 2 }
        .frame { fill: none; stroke: var(--line) } .page { stroke: var(--line); fill: none }
        .rule { stroke: var(--line); fill: none }
        .word { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 5 4; fill: none; opacity: .75 }
        .guide { stroke: var(--ink); stroke-dasharray: 1 4; fill: none }
        .seen { fill: var(--band); opacity: .75 }
        .shown { fill: none; stroke: var(--ink); stroke-width: 1.5 }
        .density { stroke: var(--soft); fill: none }
        .zigzag { stroke: var(--soft); fill: none }
        .axis { stroke: var(--ink); fill: none }
        .fault { fill: var(--ink); stroke: var(--ground); stroke-width: .8 }
        .signal { stroke: var(--ink); stroke-width: 2.4; fill: none }
        .error { stroke: var(--ink); stroke-width: 2; fill: none }
        .area { fill: var(--line); opacity: .5 } .level { stroke: var(--ink); stroke-width: 1.8; fill: none }
        .written { fill: var(--line) }
        .hole { fill: none; stroke: var(--soft); stroke-dasharray: 3 3 }
        .eof { stroke: var(--ink); stroke-width: 2; fill: none }
        circle.disc { fill: var(--ink) } svg text.number { fill: var(--ground); font-weight: 700 }
        .dot { fill: var(--ink) } .hollow { fill: var(--ground); stroke: var(--ink); stroke-width: 1.5 }
        .span { stroke: var(--soft); stroke-width: 3; fill: none }
        svg .tick { fill: var(--soft); font-size: 10px } svg .name { font-weight: 700 }
        svg .strong { font-weight: 700; fill: var(--ink) }
        svg .strong, svg .inner, svg .plain { paint-order: stroke; stroke: var(--ground); stroke-width: 3px;
          stroke-linejoin: round }
        .middle { text-anchor: middle } .end { text-anchor: end }

        """

    /// Of the rest of the page.
    static let page: StaticString = """
        html { background: var(--ground); color: var(--ink); -webkit-text-size-adjust: 100% }
        body { margin: 0; font: 15px/1.45 ui-sans-serif, system-ui, "Liberation Sans", "DejaVu Sans", sans-serif }
        main { max-width: 1060px; margin: 0 auto; padding: 16px }
        h1 { font-size: 20px; margin: 0 0 8px } h2 { font-size: 18px; margin: 36px 0 8px; overflow-wrap: anywhere }
        h3 { font-size: 15px; margin: 24px 0 6px }
        p { margin: 8px 0; overflow-wrap: anywhere }
        .verdict { font-weight: 700; font-size: 17px; padding: 10px 14px; border: 3px solid var(--ink); border-radius: 4px }
        .verdict.violation { background: var(--ink); color: var(--ground); print-color-adjust: exact; -webkit-print-color-adjust: exact }
        .verdict.untested { border-style: dashed }
        dl { display: flex; flex-wrap: wrap; gap: 4px 28px; margin: 12px 0 }
        dt { color: var(--soft); font-size: 12px } dd { margin: 0; overflow-wrap: anywhere }
        code, pre { font: 13px/1.4 ui-monospace, "DejaVu Sans Mono", monospace }
        code { overflow-wrap: anywhere }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 4px solid var(--line); padding: 2px 0 2px 12px; margin: 10px 0 }
        .signature code { border: 1px solid var(--line); padding: 2px 6px; border-radius: 3px }
        figure { margin: 18px 0 }
        .scrolling { overflow-x: auto } svg.drawing { display: block; width: 100%; height: auto; min-width: 760px }
        .legend { list-style: none; padding: 0; margin: 8px 0; display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: 13px }
        .sign { vertical-align: -3px }
        .note { color: var(--soft); font-size: 13px }
        table { border-collapse: collapse; font-size: 13px } th { text-align: left }
        td, th { padding: 3px 9px; border-bottom: 1px solid var(--line); vertical-align: top }
        thead th { color: var(--soft); font-weight: 400 }
        td.number { white-space: nowrap; font-variant-numeric: tabular-nums; text-align: right }
        tr.guilty { font-weight: 700 } tr.guilty td { border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink) }
        td.effect { white-space: nowrap }
        .heat td { text-align: right; font-variant-numeric: tabular-nums; border: 1px solid var(--line); min-width: 74px; print-color-adjust: exact; -webkit-print-color-adjust: exact }
        .heat tbody th { font-weight: 400 }
        .never { color: var(--soft) }
        .cold { outline: 2px solid var(--ink); outline-offset: -3px; font-weight: 700 }
        .heat1 { background: #eaf2fb; color: #16191d } .heat2 { background: #c9def4; color: #16191d }
        .heat3 { background: #9cc3ea; color: #16191d } .heat4 { background: #5f97cf; color: #000000 }
        .heat5 { background: #2a629e; color: #ffffff } .heat6 { background: #0c3564; color: #ffffff }
        summary { cursor: pointer; padding: 4px 0 }
        @media print { main { max-width: none } svg.drawing { min-width: 0 } figure, tr { break-inside: avoid }
          .scrolling { overflow: visible } }

        """
}
