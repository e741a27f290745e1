import Foundation

/// The checkout that these tests were compiled from.
enum Repository {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every file below `folder` with one of the extensions, as paths relative to the root, sorted.
    static func files(in folder: String, extensions: Set<String>) -> [String] {
        let base = root.appending(path: folder)
        guard let walk = FileManager.default.enumerator(atPath: base.path) else { return [] }
        var found: [String] = []
        for case let path as String in walk
        where extensions.contains((path as NSString).pathExtension)
            && !path.contains("Fixtures/") && !path.contains(".build") && !path.contains(".venv")
        {
            found.append(folder.isEmpty ? path : "\(folder)/\(path)")
        }
        return found.sorted()
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func lines(_ path: String) throws -> [Substring] {
        try text(path).split(separator: "\n", omittingEmptySubsequences: false)
    }

    static let swiftSources = files(in: "Sources", extensions: ["swift"])
    static let swiftTests = files(in: "Tests", extensions: ["swift"])
    static let swift = swiftSources + swiftTests
    static let c = files(in: "Sources", extensions: ["c", "h"])

    /// Folders whose module has another name: words that a user's own package may well use.
    static let prefixed: Set<String> = ["Engine", "Identifiers", "JSON", "Models", "Threads"]

    /// The module that a path under Sources or Tests belongs to.
    static func module(of path: String) -> String {
        let folder = String(path.split(separator: "/")[1])
        return prefixed.contains(folder) ? "Quire\(folder)" : folder
    }
}
