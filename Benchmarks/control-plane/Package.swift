// swift-tools-version: 6.2
import PackageDescription

// The control plane alone, by links into the package's sources: it builds without a kernel.
let package = Package(
    name: "control-plane",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0")
    ],
    targets: [
        .target(name: "CountAllocations"),
        .target(name: "QuireIdentifiers"),
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
        .executableTarget(
            name: "ControlPlane",
            dependencies: ["CountAllocations", "QuireIdentifiers", "KVCache", "Scheduling"],
            linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    ]
)

for target in package.targets where target.name != "CountAllocations" {
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
