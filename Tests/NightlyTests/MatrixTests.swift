import DaxConfig
import DaxSystem
import DaxText
import Testing

@testable import DaxNightly

/// How a matrix is read.
@Suite struct MatrixTests {
    private func matrix(_ text: String) throws(ConfigError) -> Matrix {
        try Matrix(Array(text.utf8), name: "m.toml")
    }

    @Test func allKeysAreRead() throws {
        let matrix = try matrix(
            """
            format = 1
            kernels = ["6.1-cloud", "mine"] # two
            filesystems = ["xfs-dax"]
            configs = [
                "default",
                "sync",
            ]
            seeds = 2
            duration = "30s"
            baseline = "6.1-cloud"
            known = ["known.toml"]
            repeats = 5
            keep = 7
            sound = true
            [kernel.mine]
            kernel = "/boot/bzImage"
            modules = "/lib/modules/x"
            mutant = "xfs-stale-punch"
            set = ["vm.cpus=4"]
            [options.plain]
            [options.reflink]
            set = ["fs.reflink=true", "fs.files=2"]
            filesystems = ["xfs-dax"]
            configs = ["sync"]
            """)
        #expect(matrix.kernels.map(\.name) == ["6.1-cloud", "mine"])
        #expect(matrix.kernels[0].kernel == nil && matrix.kernels[1].kernel == "/boot/bzImage")
        #expect(matrix.kernels[1].modules == "/lib/modules/x")
        #expect(matrix.kernels[1].mutant == "xfs-stale-punch")
        #expect(matrix.kernels[1].set == ["vm.cpus=4"])
        #expect(matrix.filesystems == [.xfs] && matrix.configs == ["default", "sync"])
        #expect(matrix.seeds == 2 && matrix.duration == .seconds(30))
        #expect(matrix.baseline == "6.1-cloud" && matrix.known == ["known.toml"])
        #expect(matrix.repeats == 5 && matrix.keep == 7 && matrix.sound)
        #expect(matrix.options.map(\.name) == ["plain", "reflink"])
        #expect(matrix.options[1].set == ["fs.reflink=true", "fs.files=2"])
        #expect(matrix.options[1].configs == ["sync"])
        #expect(matrix.options[1].filesystems == [.xfs] && matrix.options[0].filesystems.isEmpty)
    }

    @Test func whatIsNotSaidIsUsual() throws {
        var read = try matrix("format = 1\nkernels = [\"6.1-cloud\"]")
        #expect(read.filesystems == [.ext4, .xfs] && read.configs == ["default"])
        #expect(read.options == [MatrixOptions(name: "plain")] && read.seeds == 1)
        // Tables alone name kernels, too.
        read = try matrix("format = 1\n[kernel.b]\n[kernel.a]")
        #expect(read.kernels.map(\.name) == ["b", "a"])
    }

    @Test(
        arguments: [
            ("kernels = []", "m.toml:2: kernels: there is none"),
            ("", "m.toml: kernels: there is none"),
            ("kernels = [\"a\", \"a\"]", "m.toml:2: kernels: \"a\" stands there twice"),
            ("kernels = [\"a/b\"]", "m.toml:2: kernels: a name here is made of"),
            ("kernels = [\"a_b\"]", "m.toml:2: kernels: a name here is made of"),
            ("kernel = [\"a\"]", "m.toml:2: kernel: unknown key; the nearest known key is kernels"),
            ("kernels = \"a\"", "m.toml:2: kernels: expected a list of kernels such as"),
            ("kernels = [\"a\"]\nseeds = 0", "m.toml:3: seeds: 0 is not in the range 1 to 1000"),
            ("kernels = [\"a\"]\nbaseline = \"b\"", "m.toml:3: baseline: \"b\" is not among"),
            ("kernels = [\"a\"]\n[kernel.b]", "m.toml:3: kernel.b: is not among the kernels"),
            (
                "kernels = [\"a\"]\n[kernel.a]\nimage = \"x\"",
                "m.toml:4: kernel.a.image: unknown key"
            ),
            ("kernels = [\"a\"]\n[option.a]", "m.toml:3: option: unknown table or key"),
            ("kernels = [\"a\"]\n[options.\"a_b\"]", "m.toml:3: options.a_b: a name here is made"),
            ("kernels = [\"a\"]\n[options.a]\nset = 1", "m.toml:4: options.a.set: expected a list"),
            ("kernels = [\"a\"]\nfilesystems = [\"ext4\"]", "m.toml:3: filesystems: "),
            ("kernels = [\"a\"]\nconfigs = [\"a\", \"a\"]", "m.toml:3: configs: one stands there"),
        ] as [(String, String)])
    func whatNoKeyTakesIsRefused(_ text: String, _ message: String) {
        let error = #expect(throws: ConfigError.self) {
            _ = try matrix("format = 1\n" + text)
        }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "-")")
    }

    @Test func theFormatIsSaid() {
        #expect(throws: ConfigError.self) { _ = try matrix("kernels = [\"a\"]") }
        #expect(throws: ConfigError.self) { _ = try matrix("format = 2\nkernels = [\"a\"]") }
    }

    private static let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    @Test func shippedMatricesAreRead() throws {
        let place = "/\(MatrixTests.root)/configs/matrices"
        let names = try Files.names(in: place)
        #expect(names.contains("nightly.toml"))
        for name in names {
            _ = try Matrix(Files.read("\(place)/\(name)"), name: name)
        }
    }

    @Test func theDocumentationHasEveryKey() throws {
        let docs = try Files.text("/\(MatrixTests.root)/docs/nightly.md")
        #expect(
            docs.contains(Matrix.documentation),
            "docs/nightly.md should hold:\n\(Matrix.documentation)")
    }

    @Test func namesAreThoseOfFetchKernel() {
        let releases = [
            "6.1.0-56-amd64", "6.1.0-56-cloud-amd64", "6.1.0-57-cloud-amd64", "6.1.0-9-rt-amd64",
            "6.12.117+deb12-amd64", "6.12.117+deb12-cloud-amd64", "6.10.3-cloud-amd64", "default",
        ]
        func fitting(_ name: String) -> [String] {
            releases.filter { KernelName(name)?.fits($0) == true }
        }
        #expect(fitting("6.1-cloud") == ["6.1.0-56-cloud-amd64", "6.1.0-57-cloud-amd64"])
        #expect(fitting("6.1-generic") == ["6.1.0-56-amd64"])
        #expect(fitting("6.12-cloud") == ["6.12.117+deb12-cloud-amd64"])
        #expect(fitting("6.1.0-56-amd64") == ["6.1.0-56-amd64"])
        #expect(KernelName("mine") == nil && KernelName("../6.1-cloud") == nil)
    }
}
