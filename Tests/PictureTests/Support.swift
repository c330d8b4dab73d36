import DaxModel
import DaxPicture
import DaxReport
import DaxText

/// An episode as a run may leave it: a load found a stamp that a punch had taken, amid what others did.
///
/// - Parameter name: of the first actor.
func plausibleEpisode(name: String = "write 1", file: String = "file0") -> Episode {
    let word: UInt64 = 0x30_5018
    let finding = Finding(
        rule: .freshness, file: file, offset: word, expected: "0",
        observed: "0x010000032c1a2b3c: \(name)'s stamp 812", operations: [],
        story:
            "read 1's load found \(name)'s stamp 812 after punch 1's punch had returned.\n* line",
        signature: Signature(
            rule: .freshness, seen: "an old stamp", observer: "load", others: ["punch", "store"]))
    var episode = Episode(finding)
    (episode.begin, episode.end) = (104_202_500, 104_203_900)
    var under = EpisodeFile(name: file, size: 0x40_0000)
    under.extents = [
        EpisodeExtent(offset: 0, length: 0x20_0000, state: .written),
        EpisodeExtent(offset: 0x20_0000, length: 0x8_0000, state: .unwritten),
        EpisodeExtent(offset: 0x30_4000, length: 0x3000, state: .shared),
    ]
    under.words = [UInt64](repeating: 0, count: Page.words)
    episode.files = [under, EpisodeFile(name: "file1", size: 0x1000)]

    var writer = EpisodeActor(name: name, role: "writer")
    writer.orders = [
        order(91_200_100, 91_203_400, "store", 0x30_5000, 256, faulted: "pmd", proves: true),
        order(104_110_000, 104_125_000, "pwrite", 0x30_5800, 64, done: 0, "ENOSPC"),
    ]
    var puncher = EpisodeActor(name: "punch 1", role: "puncher")
    puncher.orders = [order(104_105_000, 104_161_300, "punch", 0x30_4000, 8192, proves: true)]
    var reader = EpisodeActor(name: "read 1", role: "reader")
    reader.orders = [
        order(104_130_000, 104_150_000, "fault", 0x30_5000, 64, faulted: "pte"),
        order(104_170_000, 104_172_000, "load", 0x30_5000, 64, done: 0, "SIGBUS"),
        order(104_202_500, 104_203_900, "load", 0x30_5000, 64, proves: true),
    ]
    var truncater = EpisodeActor(name: "truncate 1", role: "truncater")
    truncater.orders = [
        order(104_112_000, 104_140_000, "truncate", 0x38_0000, 0),
        order(104_165_000, 104_180_000, "allocate", 0x38_0000, 0x8_0000),
        order(104_190_000, 104_198_000, "fsync", 0, 0),
    ]
    var bystander = EpisodeActor(name: "write 2", role: "writer")
    bystander.orders = [order(104_130_000, 104_131_000, "store", 0x10_0000, 64)]
    var far = EpisodeActor(name: "write 3", role: "writer")
    far.orders = [order(104_130_000, 104_131_000, "store", 0x0, 64, file: 1)]
    episode.actors = [writer, puncher, reader, truncater, bystander, far]
    return episode
}

func order(
    _ invoked: UInt64, _ returned: UInt64, _ kind: String, _ offset: UInt64, _ length: UInt64,
    file: UInt64? = 0, done: UInt64? = nil, _ outcome: String = "done", faulted: String = "none",
    proves: Bool = false
) -> EpisodeOrder {
    EpisodeOrder(
        invoked: invoked, returned: returned, kind: kind, file: file, offset: offset,
        length: length, done: done ?? length, outcome: outcome, faulted: faulted, step: "",
        proves: proves)
}

/// A report with that violation.
func plausibleReport(_ episode: Episode, fs: String = "ext4-dax") -> Report {
    var report = Report(fs: fs, seed: Seed(7))
    report.kernel = "6.1.0-50-cloud-amd64"
    report.duration = 20
    report.operations = ["store": 1_200_000, "punch": 4000]
    report.coverage = [
        Coverage("faulter", "puncher", none: 1000, pte: 4, pmd: 0),
        Coverage("puncher", "truncater", none: 8, pte: nil, pmd: nil),
    ]
    report.latency = [
        "store": Latency(p50: 850, p90: 1234, p99: 45_600, max: 2_100_000),
        "punch": Latency(p50: 40_000, p90: 70_000, p99: 145_600, max: 12_100_000),
    ]
    report.actors = [ActorFacts(name: "write", role: "writer", count: 3)]
    report.add(episode.violation)
    report.conclude()
    return report
}
