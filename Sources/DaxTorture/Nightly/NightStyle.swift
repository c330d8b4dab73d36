/// The page's style, light and dark. Marks differ as well as colours.
enum NightStyle {
    static let all: StaticString = """
        :root { --ground: #ffffff; --ink: #16191d; --soft: #57606a; --line: #c9d1d9;
          --passed: #d7f0dd; --failed: #a40e26; --known: #f3e2b3; --untested: #dfe3e8; --none: #ffffff;
          --link: #0b4f9e }
        @media screen and (prefers-color-scheme: dark) { :root { --ground: #12161b; --ink: #f0f3f6;
          --soft: #a3adb8; --line: #3a434d; --passed: #12452a; --failed: #ff7b8a; --known: #5c4a12;
          --untested: #39424c; --none: #12161b; --link: #8cc4ff } }
        html { background: var(--ground); color: var(--ink); -webkit-text-size-adjust: 100% }
        body { margin: 0; font: 15px/1.45 ui-sans-serif, system-ui, "Liberation Sans", "DejaVu Sans", sans-serif }
        main { max-width: 1100px; margin: 0 auto; padding: 16px }
        h1 { font-size: 20px; margin: 0 0 8px } h2 { font-size: 18px; margin: 32px 0 8px }
        p { margin: 8px 0; overflow-wrap: anywhere }
        a { color: var(--link) }
        .verdict { font-weight: 700; font-size: 17px; padding: 10px 14px; border: 3px solid var(--ink); border-radius: 4px }
        .verdict.new { background: var(--ink); color: var(--ground); print-color-adjust: exact; -webkit-print-color-adjust: exact }
        .verdict.untested { border-style: dashed }
        dl { display: flex; flex-wrap: wrap; gap: 4px 28px; margin: 12px 0 }
        dt { color: var(--soft); font-size: 12px } dd { margin: 0; overflow-wrap: anywhere }
        .note { color: var(--soft); font-size: 13px }
        .scrolling { overflow-x: auto }
        code { font: 13px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere }
        table { border-collapse: collapse; font-size: 14px } th { text-align: left; font-weight: 400 }
        td, th { padding: 3px 9px; border-bottom: 1px solid var(--line); vertical-align: top }
        thead th { color: var(--soft) }
        td.number { white-space: nowrap; font-variant-numeric: tabular-nums; text-align: right }
        td.state { white-space: nowrap } tr.new td.state { font-weight: 700; color: var(--failed) }
        tr.fixed td, tr.known td { color: var(--soft) }
        td.cell { border: 1px solid var(--line); text-align: center; min-width: 56px; print-color-adjust: exact; -webkit-print-color-adjust: exact }
        td.cell a { color: var(--ink); text-decoration: none; padding: 0 2px }
        td.cell a:hover, td.cell a:focus { text-decoration: underline }
        td.passed { background: var(--passed) } td.known { background: var(--known) }
        td.untested { background: var(--untested) } td.notrun { background: var(--untested) }
        td.failed { background: var(--failed) } td.failed a, td.failed span { color: var(--ground); font-weight: 700 }
        svg.drawing { display: block; width: 100%; height: auto; min-width: 640px }
        svg { font: 11px ui-sans-serif, system-ui, "Liberation Sans", "DejaVu Sans", sans-serif }
        svg text { fill: var(--ink) } svg .tick { fill: var(--soft) }
        svg .strong { font-weight: 700; fill: var(--ink) }
        .middle { text-anchor: middle } .end { text-anchor: end }
        .bar { stroke: var(--soft); stroke-width: .8 }
        .bar.passed { fill: var(--passed) } .bar.known { fill: var(--known) }
        .bar.untested, .bar.notrun { fill: var(--untested); stroke-dasharray: 3 2 }
        .bar.failed { fill: var(--failed) }
        .rule { stroke: var(--line); fill: none } .dot { fill: var(--ink) }
        .speed { stroke: var(--ink); stroke-width: 1.5; fill: none }
        summary { cursor: pointer; padding: 4px 0 }
        @media print { main { max-width: none } .scrolling { overflow: visible } }

        """
}
