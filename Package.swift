// swift-tools-version: 6.2
import PackageDescription

// One library, foldered by role. Every role is a target of its own, so that dependencies point one way
// (docs/architecture.md, which a test compares; it reads the imports, too, since SwiftPM finds what it has
// built before, whether a target names it or not):
//
//   daxtorture -> DaxTorture (runs) -> DaxActors -> DaxOperations -> DaxModel
//                     |-> DaxChecks -> DaxOperations, DaxOracle -> DaxModel
//                     |-> DaxMachine, DaxDevices -> DaxHost -> DaxSystem
//
// DaxProve and DaxNightly run the program itself, again and again, and read its reports.
//
// DaxModel imports nothing, and DaxOracle nothing else: a history is a value, and can be made by hand.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

// Swift's own C imports need it too: without it the Glibc module and <liburing.h> disagree on
// fd_set, and fallocate, statx and O_DIRECT stay invisible.
let gnu: [CSetting] = [.define("_GNU_SOURCE")]

// What works through millions of words, in the tests too: optimised in debug builds where
// DAXTORTURE_OPTIMISE is set (ci/test), which halved the time of the unit tests, and helps the guests
// of the others. Not always, since no package may depend on one with unsafe flags.
let busy: Set<String> = [
    "DaxModel", "DaxOracle", "DaxText", "DaxSystem", "DaxHost", "DaxOperations",
    "DaxActors", "DaxChecks", "DaxMutants", "DaxProve", "DaxTorture", "TestSupport",
    "OracleTests", "MutantsTests",
]
let optimised = Context.environment["DAXTORTURE_OPTIMISE"] != nil

func settings(_ name: String) -> [SwiftSetting] {
    guard optimised && busy.contains(name) else { return strict }
    return strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]
}

func role(_ name: String, _ folder: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/DaxTorture/\(folder)",
        cSettings: gnu, swiftSettings: settings(name))
}

// C that runs within QEMU, at each store of a guest's.
let quick: [CSetting] =
    gnu + (optimised ? [.unsafeFlags(["-O2"], .when(configuration: .debug))] : [])

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)",
        cSettings: gnu, swiftSettings: settings(name))
}

let package = Package(
    name: "daxtorture",
    products: [
        .executable(name: "daxtorture", targets: ["daxtorture"]),
        // What QEMU loads where a run has the power cut; it is found beside the program.
        .library(name: "daxtorture-powercut", type: .dynamic, targets: ["CPowerCutPlugin"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        .target(
            name: "CURing", cSettings: gnu, linkerSettings: [.linkedLibrary("uring")]),
        .target(name: "CFault", cSettings: gnu),
        .target(
            name: "CPMem2", cSettings: gnu, linkerSettings: [.linkedLibrary("pmem2")]),
        .target(name: "CSystem", cSettings: gnu),
        .target(name: "CChild", dependencies: ["CFault", "CSystem"], cSettings: gnu),

        .target(name: "CPowerCut", cSettings: quick),
        .target(name: "CPowerCutPlugin", dependencies: ["CPowerCut"], cSettings: quick),

        role("DaxModel", "Model", []),
        role("DaxOracle", "Oracle", ["DaxModel"]),
        role("DaxSystem", "System", ["CURing", "CFault", "CSystem", "CChild"]),
        role("DaxHost", "Host", ["DaxSystem", "DaxText", "CFault", "CSystem"]),
        role("DaxDevices", "Devices", ["CPMem2", "DaxText", "DaxHost", "DaxSystem"]),
        role("DaxOperations", "Operations", ["DaxModel", "DaxText", "DaxSystem"]),
        role("DaxActors", "Actors", ["DaxOperations", "DaxModel", "DaxSystem"]),
        role(
            "DaxChecks", "Checks",
            ["DaxOperations", "DaxOracle", "DaxModel", "DaxText", "DaxSystem"]),
        role("DaxMachine", "Machine", ["DaxText", "DaxHost", "DaxSystem"]),
        role(
            "DaxDoctor", "Doctor", ["DaxMachine", "DaxDevices", "DaxText", "DaxHost", "DaxSystem"]),
        role("DaxMutants", "Mutants", ["DaxModel"]),
        role("DaxText", "Text", []),
        role("DaxConfig", "Config", ["DaxModel", "DaxText"]),
        role(
            "DaxReproducer", "Reproducer",
            ["DaxConfig", "DaxOperations", "DaxModel", "DaxText"]),
        role("DaxReport", "Report", ["DaxModel", "DaxText", "DaxHost", "DaxSystem"]),
        role("DaxPicture", "Picture", ["DaxBench", "DaxReport", "DaxModel", "DaxText"]),
        role(
            "DaxMinimise", "Minimise",
            ["DaxOperations", "DaxConfig", "DaxReport", "DaxModel", "DaxText"]),
        role(
            "DaxBench", "Bench",
            [
                "DaxText", "DaxSystem",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]),
        role(
            "DaxProve", "Prove",
            ["DaxConfig", "DaxMutants", "DaxReport", "DaxModel", "DaxText", "DaxHost", "DaxSystem"]),
        role(
            "DaxNightly", "Nightly",
            [
                "DaxConfig", "DaxProve", "DaxPicture", "DaxReport", "DaxModel", "DaxText",
                "DaxHost", "DaxSystem",
            ]),
        role(
            "DaxTorture", "Run",
            [
                "DaxActors", "DaxBench", "DaxChecks", "DaxOperations", "DaxOracle", "DaxModel",
                "DaxDevices", "DaxMachine", "DaxMutants", "DaxMinimise", "DaxConfig", "DaxPicture",
                "DaxReport",
                "DaxText", "DaxHost", "DaxSystem",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]),
        .executableTarget(
            name: "daxtorture",
            dependencies: [
                "DaxTorture", "DaxNightly", "DaxBench", "DaxPicture", "DaxProve", "DaxMinimise",
                "DaxReproducer", "DaxConfig", "DaxReport", "DaxDevices", "DaxDoctor",
                "DaxMachine", "DaxMutants", "DaxModel", "DaxText", "DaxHost", "DaxSystem",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            cSettings: gnu, swiftSettings: strict),

        // The smallest program that can be a guest, and the host of one: for the machine's tests.
        .executableTarget(
            name: "machine-probe", dependencies: ["DaxMachine", "DaxHost", "DaxSystem"],
            path: "Tests/MachineProbe", cSettings: gnu, swiftSettings: strict),

        // Actors of two processes: for their test, since a test itself has too many threads to fork.
        .executableTarget(
            name: "process-probe",
            dependencies: [
                "DaxTorture", "DaxActors", "DaxOperations", "DaxModel", "DaxHost", "DaxSystem",
            ],
            path: "Tests/ProcessProbe", cSettings: gnu, swiftSettings: strict),

        // What several test targets need.
        .target(
            name: "TestSupport",
            dependencies: ["DaxMachine", "DaxModel", "DaxOperations", "DaxHost", "DaxSystem"],
            path: "Tests/TestSupport", cSettings: gnu, swiftSettings: settings("TestSupport")),

        // Signals that no kernel sent, for the tests of those that it does; stores step by step.
        .target(name: "CForge", path: "Tests/CForge", cSettings: gnu),

        tests("ModelTests", ["DaxModel", "TestSupport"]),
        tests(
            "OracleTests",
            [
                "DaxOracle", "DaxChecks", "DaxOperations", "DaxModel", "DaxSystem", "TestSupport",
            ]),
        .testTarget(
            name: "SystemTests",
            dependencies: [
                "DaxHost", "DaxSystem", "DaxModel", "CFault", "CForge", "CPowerCut", "TestSupport",
            ],
            path: "Tests/SystemTests", cSettings: gnu, swiftSettings: strict),
        tests(
            "OperationsTests", ["DaxOperations", "DaxModel", "DaxSystem", "TestSupport"]),
        tests(
            "ChecksTests",
            [
                "DaxChecks", "DaxOperations", "DaxOracle", "DaxModel", "DaxSystem", "TestSupport",
            ]),
        tests(
            "ActorsTests", ["DaxActors", "DaxOperations", "DaxModel", "DaxSystem", "TestSupport"]),
        tests("DevicesTests", ["DaxDevices", "DaxText", "DaxHost", "DaxSystem"]),
        tests(
            "MachineTests",
            [
                "DaxMachine", "DaxText", "DaxHost", "DaxSystem", "CPowerCut", "TestSupport",
                "machine-probe",
            ]),
        tests(
            "DoctorTests",
            [
                "DaxDoctor", "DaxMachine", "DaxDevices", "DaxText", "DaxHost", "DaxSystem",
                "TestSupport",
            ]),
        tests("MutantsTests", ["DaxMutants", "DaxHost", "DaxSystem"]),
        tests(
            "ProveTests",
            [
                "DaxProve", "DaxConfig", "DaxMutants", "DaxReport", "DaxModel", "DaxText",
                "DaxHost", "DaxSystem",
            ]),
        tests(
            "NightlyTests",
            [
                "DaxNightly", "DaxConfig", "DaxReport", "DaxModel", "DaxText", "DaxHost",
                "DaxSystem", "TestSupport",
            ]),
        tests("TextTests", ["DaxText", "DaxModel"]),
        tests(
            "ConfigTests",
            [
                "DaxConfig", "DaxMutants", "DaxTorture", "DaxText", "DaxModel", "DaxHost",
                "DaxSystem",
                // To compare our reader of TOML with.
                .product(name: "TOMLKit", package: "TOMLKit"),
            ]),
        tests("BenchTests", ["DaxBench", "DaxText", "DaxSystem", "TestSupport"]),
        tests(
            "MinimiseTests",
            ["DaxMinimise", "DaxOperations", "DaxConfig", "DaxReport", "DaxModel", "DaxText"]),
        tests(
            "ReproducerTests",
            [
                "DaxReproducer", "DaxTorture", "DaxConfig", "DaxOperations", "DaxHost", "DaxSystem",
                "TestSupport",
            ]),
        tests("ReportTests", ["DaxReport", "DaxText", "DaxModel", "DaxHost", "DaxSystem"]),
        tests(
            "PictureTests",
            [
                "DaxPicture", "DaxReport", "DaxOperations", "DaxModel", "DaxText", "DaxHost",
                "DaxSystem", "TestSupport",
            ]),
        tests(
            "RunTests",
            [
                "DaxTorture", "DaxActors", "DaxChecks", "DaxConfig", "DaxModel", "DaxOperations",
                "DaxOracle", "DaxPicture", "DaxReport", "DaxDevices", "DaxMachine", "DaxMutants",
                "DaxText", "DaxHost", "DaxSystem", "TestSupport", "daxtorture", "process-probe",
            ]),
    ]
)
