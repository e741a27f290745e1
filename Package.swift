// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "quire",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "quire", targets: ["quire"]),
        .library(name: "QuireKit", targets: ["QuireKit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The import graph below is the house's floor plan (ARCHITECTURE.md); TidyTests checks
        // that the sources import nothing else.
        .target(
            name: "CKernels",
            exclude: ["README.md"],
            cSettings: [
                .headerSearchPath("."),
                // Kernels at -O0 are a hundred times slower: tests would take hours.
                .unsafeFlags(["-O3"]),
                // A product and a sum are fused only where a kernel says so, so that one source
                // gives one result whatever the compiler prefers.
                .unsafeFlags(["-ffp-contract=off", "-fno-math-errno"]),
                .treatAllWarnings(as: .error),
            ]),
        .target(name: "QuireIdentifiers", path: "Sources/Identifiers"),
        .target(name: "QuireJSON", path: "Sources/JSON"),
        .target(name: "QuireThreads", path: "Sources/Threads"),
        .target(name: "Patterns"),
        .target(name: "Tensors", dependencies: ["CKernels"]),
        .target(name: "ModelFiles", dependencies: ["QuireJSON", "Tensors"]),
        .target(
            name: "ModelStore",
            dependencies: [
                "ModelFiles",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .target(
            name: "Tokenization",
            dependencies: ["QuireIdentifiers", "QuireJSON", "Patterns", "ModelFiles"]),
        .target(name: "KVCache", dependencies: ["QuireIdentifiers"]),
        .target(
            name: "Scheduling",
            dependencies: [
                "QuireIdentifiers", "KVCache",
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        .target(
            name: "QuireModels",
            dependencies: [
                "QuireIdentifiers", "QuireThreads", "Tensors", "ModelFiles", "KVCache",
                "Scheduling",
            ],
            path: "Sources/Models"),
        .target(
            name: "QuireEngine",
            dependencies: [
                "QuireIdentifiers", "Tensors", "KVCache", "Scheduling", "Tokenization",
                "QuireThreads",
            ],
            path: "Sources/Engine"),
        .target(name: "ChatTemplates", dependencies: ["QuireJSON"]),
        .target(
            name: "Conversation",
            dependencies: [
                "QuireIdentifiers", "QuireJSON", "Tokenization", "ChatTemplates", "Scheduling",
                "QuireEngine",
            ]),
        .target(
            name: "QuireKit",
            dependencies: [
                "QuireIdentifiers", "Tensors", "ModelFiles", "ModelStore", "Tokenization",
                "KVCache", "Scheduling", "QuireModels", "QuireEngine",
            ],
            resources: [.copy("Resources")]),
        .target(
            name: "Serving",
            dependencies: [
                "QuireKit", "QuireIdentifiers", "QuireJSON", "ModelStore", "Tokenization",
                "Scheduling", "QuireEngine", "Conversation",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .target(name: "Reporting"),
        .target(name: "Planning", dependencies: ["KVCache"]),
        .target(
            name: "Simulation",
            dependencies: [
                "QuireIdentifiers", "QuireJSON", "Tensors", "KVCache", "Scheduling", "Tokenization",
                "QuireEngine", "Planning",
            ]),
        .executableTarget(
            name: "quire",
            dependencies: [
                "QuireKit", "Conversation", "ChatTemplates", "Serving", "Planning", "Simulation",
                "Reporting", "QuireIdentifiers",
                "QuireJSON", "Tensors", "ModelFiles", "ModelStore",
                "Tokenization", "KVCache", "Scheduling", "QuireModels", "QuireEngine",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),

        // What `quire bench` cannot show: see the README in each folder.
        .target(name: "CountAllocations", path: "Benchmarks/CountAllocations"),
        .executableTarget(
            name: "ControlPlaneBenchmark",
            dependencies: ["CountAllocations", "QuireIdentifiers", "KVCache", "Scheduling"],
            path: "Benchmarks/control-plane", exclude: ["README.md"],
            linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
        .executableTarget(
            name: "StepBenchmark",
            dependencies: [
                "CountAllocations", "QuireIdentifiers", "ModelFiles", "Tokenization", "KVCache",
                "Scheduling", "QuireModels", "QuireEngine",
            ],
            path: "Benchmarks/step", exclude: ["README.md"],
            linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),

        .executableTarget(
            name: "TopLevelStream", dependencies: ["QuireKit"], path: "Tests/TopLevelStream"),
        .target(
            name: "TestSupport", dependencies: ["QuireJSON", "ModelFiles", "Tensors"],
            path: "Tests/TestSupport"),
        // Apart from TestSupport so that suites without a scheduler build without one.
        .target(
            name: "FakeExecutor",
            dependencies: ["QuireIdentifiers", "QuireThreads", "KVCache", "Scheduling"],
            path: "Tests/FakeExecutor"),
        // The server with a script for a model: what scripts/agents.sh lets coding agents talk to.
        .executableTarget(
            name: "ScriptedServer",
            dependencies: [
                "QuireIdentifiers", "QuireJSON", "ModelFiles", "Tokenization", "KVCache",
                "Scheduling", "QuireEngine", "ChatTemplates", "Conversation", "Serving",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/ScriptedServer"),
        .testTarget(name: "ThreadsTests", dependencies: ["QuireThreads"]),
        // Checksums of what every kernel makes of a list of cases, in C so that they also run where
        // there is no Swift: see scripts/test-neon.sh.
        .target(name: "KernelSums", dependencies: ["CKernels"], path: "Tests/KernelSums"),
        .executableTarget(
            name: "kernel-sums", dependencies: ["KernelSums"], path: "Tests/KernelSumsCommand"),
        .testTarget(
            name: "TensorsTests",
            dependencies: ["CKernels", "Tensors", "KernelSums", "TestSupport"]),
        .testTarget(
            name: "PatternsTests", dependencies: ["QuireJSON", "Patterns", "TestSupport"],
            resources: [.copy("Fixtures")]),
        .testTarget(name: "JSONTests", dependencies: ["QuireJSON", "TestSupport"]),
        .testTarget(
            name: "ChatTemplatesTests",
            dependencies: ["QuireJSON", "ChatTemplates", "TestSupport"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "ModelFilesTests", dependencies: ["QuireJSON", "ModelFiles", "TestSupport"]),
        .testTarget(
            name: "ModelStoreTests",
            dependencies: [
                "ModelStore", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .testTarget(
            name: "TokenizationTests",
            dependencies: ["QuireJSON", "Patterns", "Tokenization", "TestSupport"],
            resources: [.copy("Fixtures")]),
        .testTarget(name: "KVCacheTests", dependencies: ["KVCache", "TestSupport"]),
        .testTarget(
            name: "SchedulingTests",
            dependencies: [
                "QuireIdentifiers", "KVCache", "Scheduling", "FakeExecutor", "TestSupport",
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        .target(
            name: "ModelsTestSupport",
            dependencies: ["QuireIdentifiers", "KVCache", "Scheduling", "QuireModels"],
            path: "Tests/ModelsTestSupport"),
        // Tiny models of every architecture, and what transformers says of them.
        .target(
            name: "GoldenModels", dependencies: ["QuireJSON", "ModelFiles"],
            path: "Tests/GoldenModels", resources: [.copy("Fixtures")]),
        .testTarget(
            name: "ModelsTests",
            dependencies: [
                "QuireIdentifiers", "ModelFiles", "KVCache", "QuireModels", "ModelsTestSupport",
                "GoldenModels", "TestSupport",
            ]),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "QuireIdentifiers", "Tensors", "KVCache", "Scheduling", "Tokenization",
                "QuireEngine",
                "FakeExecutor", "TestSupport", "QuireThreads",
            ]),
        .testTarget(
            name: "ConversationTests",
            dependencies: [
                "QuireIdentifiers", "QuireJSON", "Tokenization", "ChatTemplates", "Scheduling",
                "QuireEngine", "Conversation", "TestSupport",
            ]),
        .testTarget(
            name: "ServingTests",
            dependencies: [
                "QuireIdentifiers", "QuireJSON", "KVCache", "Scheduling", "Tokenization",
                "QuireEngine", "QuireKit", "Conversation", "Serving", "FakeExecutor",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        .testTarget(name: "ReportingTests", dependencies: ["Reporting", "TestSupport"]),
        .testTarget(name: "PlanningTests", dependencies: ["KVCache", "Planning", "TestSupport"]),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "QuireIdentifiers", "QuireJSON", "KVCache", "Scheduling", "Tokenization",
                "QuireEngine", "Planning", "Simulation", "TestSupport",
            ],
            resources: [.copy("Fixtures")]),
        .target(
            name: "InvarianceSupport",
            dependencies: [
                "QuireIdentifiers", "KVCache", "Scheduling", "QuireModels", "Tokenization",
                "QuireEngine",
            ],
            path: "Tests/InvarianceSupport"),
        .testTarget(
            name: "QuireKitTests",
            dependencies: [
                "QuireKit", "KVCache", "ModelFiles", "QuireModels", "Tokenization", "GoldenModels",
                "TestSupport",
            ]),
        .testTarget(
            name: "QuireCommandTests",
            dependencies: [
                "quire", "QuireKit", "Planning", "Reporting", "Simulation", "QuireIdentifiers",
                "QuireJSON", "ChatTemplates", "Conversation", "ModelStore", "KVCache", "Scheduling",
                "QuireEngine", "ModelFiles", "Tensors", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "quire", "Conversation", "QuireIdentifiers", "QuireJSON", "ModelFiles", "KVCache",
                "Scheduling",
                "QuireModels",
                "Tokenization", "QuireEngine", "InvarianceSupport", "TestSupport",
            ],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "RealModelTests",
            dependencies: [
                "QuireIdentifiers", "Tensors", "ModelFiles", "KVCache", "QuireModels",
                "ModelsTestSupport",
                "QuireEngine", "Tokenization", "InvarianceSupport", "TestSupport",
            ],
            resources: [.copy("Fixtures")]),
        .testTarget(name: "TidyTests"),
    ]
)

let inC = ["CKernels", "CountAllocations", "KernelSums", "kernel-sums"]

for target in package.targets where !inC.contains(target.name) {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableExperimentalFeature("Lifetimes"),
        // Generic code is specialised across modules (a factor of ten otherwise).
        .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
    ]
}
