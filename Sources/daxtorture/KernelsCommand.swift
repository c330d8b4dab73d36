import ArgumentParser
import DaxHost
import DaxMachine
import DaxText
import DaxTorture

struct Kernels: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the kernels that are installed, cached and offered, or fetch some.",
        subcommands: [ListKernels.self, FetchKernels.self], defaultSubcommand: ListKernels.self)
}

struct ListKernels: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List them, with what each is good for (the default).",
        discussion: """
            Those that are installed (/boot), those in the cache, and those that the archive offers \
            which this host's apt is set up for, the newest of each version and flavour. What a kernel \
            was configured with says its config-RELEASE; "-" is what nobody knows before it is here.
            """)

    @Flag(help: "Do not ask the archive.")
    var offline = false

    @Flag(help: "Print JSON.")
    var json = false

    mutating func run() throws {
        var listing = KernelListing(cache: CacheDirectory.path)
        if !offline {
            do {
                let offer = try KernelArchive().offer()
                listing.add(offer: offer.lines)
                if let complaint = offer.complaint { listing.add(complaint: complaint) }
            } catch MachineError.interrupted {
                throw RunError.untested("interrupted")
            } catch {
                listing.add(complaint: "what the archive offers is not known: \(error)")
            }
        }
        Console.text(json ? listing.json.text : listing.text)
        if !json {
            for complaint in listing.complaints { Console.error("daxtorture: \(complaint)\n") }
        }
    }
}

struct FetchKernels: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Bring kernels into the cache; the host keeps its own.",
        discussion: """
            A kernel is named 6.12 or 6.12-cloud, 6.12-generic, or by its whole release. Nothing is \
            installed, and no root is needed (ci/fetch-kernel does it).

            Exit status: 0 they are there, 125 one of them is not.
            """)

    @Argument(help: "What to fetch.")
    var names: [String]

    func validate() throws {
        // To the script an option is one.
        for name in names where name.hasPrefix("-") {
            throw ValidationError("\(name) names no kernel")
        }
    }

    mutating func run() throws {
        try Interrupts.count()
        do {
            let exit = try KernelArchive().fetch(names) { Console.error($0) }
            if exit != .exited(0) { throw ExitStatus.untested }
        } catch let error as MachineError {
            throw RunError.untested("\(error)")
        }
        let cached = KernelListing(cache: CacheDirectory.path)
        Console.text(cached.text)
    }
}
