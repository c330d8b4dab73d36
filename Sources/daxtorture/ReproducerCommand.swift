import ArgumentParser
import DaxConfig
import DaxHost
import DaxReproducer
import DaxSystem
import DaxTorture

struct PrintReproducer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproducer",
        abstract: "Print a C program that does what the scripts of a config do, and judges it.",
        discussion: """
            daxtorture reproducer configs/bugs/cow-zero-lost-steps.toml > cow-zero-lost.c

            The program needs no library but libc; its head says which filesystem it needs, and how \
            to compile and run it. It exits with 0 where nothing wrong was shown, 1 where it was, and \
            2 where it could not run.
            """)

    @Argument(
        help: "A config whose actors are scripts: a file, or one that comes with the program.",
        completion: .file())
    var config: String

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Set one key of the config; may be repeated.", valueName: "key=value"))
    var set: [String] = []

    @Option(help: ArgumentHelp("How often the program does it at most.", valueName: "n"))
    var rounds: UInt64?

    @Flag(help: "Print a test of fstests around it.")
    var fstests = false

    mutating func run() throws {
        var resolver = Resolver(schema: .daxtorture)
        let path = ShippedConfigs.path(of: config)
        let text: [UInt8]
        do { text = try ShippedConfigs.read(path) } catch { throw UsageError("\(error)") }
        try resolver.read(text, name: path)
        for assignment in set { try resolver.set(assignment) }
        let file = path.split(separator: "/").last ?? ""
        let name = file.hasSuffix(".toml") ? String(file.dropLast(5)) : String(file)
        do {
            let reproducer = try Reproducer(
                resolver.resolved(), promises: resolver.promises,
                text: String(decoding: text, as: UTF8.self), name: name, rounds: rounds)
            Console.text(fstests ? reproducer.fstest : reproducer.program)
        } catch let error as ReproducerError { throw UsageError("\(path): \(error)") }
    }
}
