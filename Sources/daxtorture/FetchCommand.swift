import ArgumentParser
import DaxConfig
import DaxHost
import DaxMachine
import DaxMutants
import DaxTorture

struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fetch what a machine needs and is not here: QEMU 10, a kernel.",
        discussion: """
            Debian's packages are looked for in the archives that this machine's apt is set up for ($DAXTORTURE_ARCHIVE \
            and $DAXTORTURE_SECURITY_ARCHIVE name others), checked by apt, and unpacked into the cache, \
            ${XDG_CACHE_HOME:-~/.cache}/daxtorture. Nothing is installed, and no root is needed. What is \
            there already is not fetched again.

            A kernel is named by version and flavour, as 6.1-cloud or 6.12-generic, or by its release, as \
            6.1.0-50-cloud-amd64. Without a name it is the one that is booted when none is named.

            Exit status: 0 all of it is there, 2 bad usage, 125 it could not be had.
            """)

    @Argument(help: "Kernels to fetch.") var kernels: [String] = []

    mutating func run() throws {
        let supplies =
            kernels.isEmpty ? [Supply.qemu, .kernel(nil)] : kernels.map(Supply.kernel)
        try Supply.bring(supplies)
    }
}

/// Whether a run may fetch what it needs: never unasked.
struct FetchOption: ParsableArguments {
    @Flag(
        help: """
            Fetch QEMU and a kernel into the cache where they are missing, without asking (without it a \
            user at a terminal is asked, and nobody else).
            """)
    var fetch = false

    /// What `make` makes of a config; where it cannot for lack of a QEMU or a kernel, and the user agrees, these
    /// are fetched, and it is done again.
    func supplying<Result: ~Copyable>(
        _ config: ResolvedConfig, _ make: () throws -> Result
    ) throws -> Result {
        do { return try make() } catch {
            guard config.fs.mount == nil, config.fs.device == nil, Interrupts.seen == 0 else {
                throw error
            }
            let missing = Supply.missing(
                qemu: config.vm.qemu, kernel: config.vm.kernel,
                module: config.vm.mutant.flatMap(Mutant.named)?.module, cache: CacheDirectory.path)
            guard !missing.isEmpty, fetch || agrees(to: missing) else { throw error }
            try Supply.bring(missing)
            return try make()
        }
    }

    private func agrees(to missing: [Supply]) -> Bool {
        let what = missing.map(\.description).joined(separator: " and ")
        return Console.asks(
            """
            A virtual machine needs \(what), and there is none here. Fetch it from Debian's archive into \
            \(CacheDirectory.path)? Nothing is installed. [y/N] 
            """)
    }
}

extension Supply {
    /// Brings each; what the scripts say goes to stderr.
    fileprivate static func bring(_ supplies: [Supply]) throws {
        do {
            let output = try Console.errorFile()
            for supply in supplies { try supply.bring(saying: output) }
        } catch {
            throw RunError(error)
        }
    }
}
