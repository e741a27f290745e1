import Foundation

/// The folders where other programs keep models, by this environment.
package struct ForeignPlaces: Sendable {
    /// Folders of Ollama's.
    var ollama: [String] = []
    /// Folders of LM Studio's models.
    var lmStudio: [String] = []
    /// The cache of llama.cpp.
    var llamaCpp: [String] = []
    /// The cache of the Hugging Face hub.
    var hub: [String] = []

    /// None.
    package init() {}

    /// Those of an environment: `OLLAMA_MODELS`, `LLAMA_CACHE`, `HF_HUB_CACHE`, `HF_HOME` and
    /// `XDG_CACHE_HOME` are honoured as their programs do.
    package init(environment: [String: String]) {
        func folder(_ variable: String) -> String? {
            environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let home = folder("HOME") ?? FileManager.default.homeDirectoryForCurrentUser.path
        let cache = folder("XDG_CACHE_HOME") ?? home + "/.cache"
        ollama =
            folder("OLLAMA_MODELS").map { [$0] }
            // The second is the service's.
            ?? [home + "/.ollama/models", "/usr/share/ollama/.ollama/models"]
        lmStudio = Self.lmStudio(home: home)
        #if os(macOS)
            llamaCpp = [folder("LLAMA_CACHE") ?? home + "/Library/Caches/llama.cpp"]
        #else
            llamaCpp = [folder("LLAMA_CACHE") ?? cache + "/llama.cpp"]
        #endif
        hub = [
            folder("HF_HUB_CACHE") ?? folder("HUGGINGFACE_HUB_CACHE")
                ?? folder("HF_HOME").map { $0 + "/hub" } ?? cache + "/huggingface/hub"
        ]
    }

    /// A pointer in the home folder tells where LM Studio keeps its own, and its settings where it
    /// keeps models if not there.
    private static func lmStudio(home: String) -> [String] {
        let known = ForeignFolder(home)
        let pointer = known?.contents(
            of: ".lmstudio-home-pointer", atMost: ModelStoreLimits.pointerBytes)
        let told = pointer.map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let own = told.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.lmstudio"
        var folders = [own + "/models", home + "/.cache/lm-studio/models"]
        if let settings = ForeignFolder(own)?.contents(
            of: "settings.json", atMost: ModelStoreLimits.manifestBytes),
            let choice = try? JSONDecoder().decode(LMStudioSettings.self, from: settings),
            let chosen = choice.downloadsFolder, chosen.hasPrefix("/")
        {
            folders.insert(chosen, at: 0)
        }
        return folders
    }

    private struct LMStudioSettings: Decodable {
        let downloadsFolder: String?
    }

    /// Looks at all of them.
    ///
    /// - Complexity: a listing of each folder below; no model file is opened.
    package func look() -> ForeignModels {
        var found = ForeignModels()
        var seen: Set<String> = []
        func each(_ paths: [String], _ body: (ForeignFolder) -> Void) {
            for path in paths {
                if ForeignFolder.isBarred(path) { found.skip(path, "it may not be read") }
                // Two programs may have one folder.
                guard let folder = ForeignFolder(path), seen.insert(folder.root).inserted
                else { continue }
                body(folder)
            }
        }
        each(ollama) { found.addOllama($0) }
        each(lmStudio) { folder in
            found.add(folder.files(depth: 3), of: folder, keeper: .lmStudio) { path in
                path.split(separator: "/").dropLast().joined(separator: "/")
            }
        }
        each(llamaCpp) { folder in
            found.add(folder.files(depth: 0), of: folder, keeper: .llamaCpp) { _ in "" }
            // Where its later versions keep what they download, if told to keep it apart.
            found.addHub(folder, keeper: .llamaCpp)
        }
        each(hub) { found.addHub($0, keeper: .hub) }
        return found
    }
}

extension ForeignModels {
    /// Adds the models of a cache of the hub's: `models--OWNER--NAME/snapshots/COMMIT/FILE` is a
    /// link to `models--OWNER--NAME/blobs/SUM`, and `refs/main` names the commit.
    mutating func addHub(_ folder: ForeignFolder, keeper: ForeignModel.Keeper) {
        for name in folder.names() where name.hasPrefix("models--") {
            let owner = String(name.dropFirst("models--".count)).replacing("--", with: "/")
            let refs =
                ["main"]
                + folder.files(in: name + "/refs", depth: 1).regular
                .map { String($0.dropFirst(name.count + "/refs/".count)) }
            let commit = refs.lazy.compactMap { ref in
                folder.contents(of: "\(name)/refs/\(ref)", atMost: ModelStoreLimits.pointerBytes)
            }.map {
                String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            }.first { $0.count == 40 && $0.allSatisfy(\.isHexDigit) }
            guard let commit else { continue }
            let snapshot = "\(name)/snapshots/\(commit)"
            add(folder.files(in: snapshot, depth: 3), of: folder, keeper: keeper) { path in
                let inner = path.dropFirst(snapshot.count + 1).split(separator: "/").dropLast()
                return ([owner] + inner.map(String.init)).joined(separator: "/")
            }
        }
    }
}
