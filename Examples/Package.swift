// swift-tools-version: 6.2
import PackageDescription

// What a program that embeds Quire looks like. In a package of your own, depend on
// `.package(url: "<this repository>", revision: "<commit>")` instead of the path.
let package = Package(
    name: "examples",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "quire", path: "..")],
    targets: ["Answer", "Stream", "Batch", "ShortestFirst"].map { name in
        .executableTarget(
            name: name, dependencies: [.product(name: "QuireKit", package: "quire")])
    }
)
