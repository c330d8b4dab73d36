package import DaxSystem
import DaxText

/// Writes a night's results into its directory, in every format.
package struct NightWriter {
    private let results: NightResults

    package init(_ results: NightResults) { self.results = results }

    /// The files and what they hold.
    package var files: [(name: String, text: String)] {
        [
            ("results.ktap", results.ktap), ("junit.xml", results.junit),
            ("events.jsonl", results.events), ("metrics.prom", results.metrics),
            ("summary.md", results.markdown), ("index.html", NightPage(of: results).html),
            // The last, since it says that there are results.
            ("results.json", results.json.text),
        ]
    }

    /// Writes all that can be written, and says what cannot.
    package func write(to night: NightDirectory) -> [SystemError] {
        var failures: [SystemError] = []
        for (name, text) in files {
            do throws(SystemError) { try night.write(text, as: name) } catch {
                failures.append(error)
            }
        }
        return failures
    }
}
