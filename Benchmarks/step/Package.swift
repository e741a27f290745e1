// swift-tools-version: 6.2
import PackageDescription

// The engine without the command, by links into the package's sources: it builds without a network
// stack.
let package = Package(
    name: "step",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0")
    ],
    targets: [
        .target(name: "CountAllocations"),
        .target(
            name: "CKernels",
            cSettings: [.unsafeFlags(["-O3", "-ffp-contract=off", "-fno-math-errno"])]),
        .target(name: "QuireIdentifiers"),
        .target(name: "QuireThreads"),
        .target(name: "Tensors", dependencies: ["CKernels"]),
        .target(name: "ModelFiles", dependencies: ["Tensors"]),
        .target(name: "Tokenization", dependencies: ["QuireIdentifiers", "ModelFiles"]),
        .target(
            name: "KVCache",
            dependencies: [
                "QuireIdentifiers",
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        .target(
            name: "Scheduling",
            dependencies: [
                "QuireIdentifiers", "KVCache",
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        .target(
            name: "QuireModels",
            dependencies: [
                "QuireIdentifiers", "QuireThreads", "Tensors", "ModelFiles", "KVCache", "Scheduling",
            ]),
        .target(
            name: "QuireEngine",
            dependencies: [
                "QuireIdentifiers", "Tensors", "KVCache", "Scheduling", "Tokenization", "QuireThreads",
            ]),
        .executableTarget(
            name: "Step",
            dependencies: [
                "CountAllocations", "QuireIdentifiers", "ModelFiles", "Tokenization", "KVCache",
                "Scheduling", "QuireModels", "QuireEngine",
            ],
            linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    ]
)

for target in package.targets where target.name != "CountAllocations" && target.name != "CKernels" {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableExperimentalFeature("Lifetimes"),
        .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
    ]
}
