import ArgumentParser
import FoundationEssentials
import ModelStore
import QuireKit

/// What a shell offers where a model is wanted.
enum ModelCompletion {
    /// What can be run: the models that are here, the demo model, and GGUF files.
    static let models = CompletionKind.custom { _, _, beginning in
        names(beginning, among: ModelStore().namesHere + [ModelLocation.demo]) + files(beginning)
    }

    /// What can be removed.
    static let installedModels = CompletionKind.custom { _, _, beginning in
        names(beginning, among: installed)
    }

    /// What can be pulled by name.
    static let catalogue = CompletionKind.custom { _, _, beginning in
        names(beginning, among: Catalogue.entries.map(\.name))
    }

    private static var installed: [String] {
        ((try? ModelStore().installed()) ?? []).map(\.name)
    }

    private static func names(_ beginning: String, among names: [String]) -> [String] {
        names.filter { $0.hasPrefix(beginning) }
    }

    /// The GGUF files, and the folders that may hold some, at the end of a path that was begun.
    static func files(_ beginning: String) -> [String] {
        let end = beginning.lastIndex(of: "/").map { beginning.index(after: $0) }
        let folder = String(beginning[..<(end ?? beginning.startIndex)])
        let entries = try? FileManager.default.contentsOfDirectory(
            atPath: folder.isEmpty ? "." : folder)
        return (entries ?? []).sorted().compactMap { entry in
            let path = folder + entry
            guard path.hasPrefix(beginning), !entry.hasPrefix(".") else { return nil }
            if entry.hasSuffix(".gguf") { return path }
            var isFolder = false
            _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            return isFolder ? path + "/" : nil
        }
    }
}
