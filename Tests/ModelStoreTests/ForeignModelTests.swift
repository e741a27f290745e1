import Foundation
import TestSupport
import Testing

@testable import ModelStore

/// The models that other programs keep on this machine.
struct ForeignModelTests {
    private let home: TemporaryFolder
    private static let sum = String(repeating: "ab", count: 32)
    private static let commit = String(repeating: "c", count: 40)

    init() throws { home = try TemporaryFolder() }

    private func write(_ path: String, _ text: String = "GGUF") throws {
        let url = URL(fileURLWithPath: home.path(path))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private func link(_ path: String, to target: String) throws {
        let url = URL(fileURLWithPath: home.path(path))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: url.path, withDestinationPath: target)
    }

    private func store(_ variables: [String: String] = [:]) -> ModelStore {
        ModelStore(environment: ["HOME": home.path].merging(variables) { _, new in new })
    }

    /// The names of what is found, each with its keeper.
    private func names(_ variables: [String: String] = [:]) -> [String] {
        store(variables).foreign().namedApart(from: []).map { "\($0.name) \($0.model.keeper)" }
    }

    private func manifest(_ layers: String) -> String {
        #"{"schemaVersion": 2, "layers": [\#(layers)]}"#
    }

    private func layer(_ kind: String = "model", digest: String = "sha256:\(sum)") -> String {
        #"{"mediaType": "application/vnd.ollama.image.\#(kind)", "digest": "\#(digest)"}"#
    }

    @Test func `models of Ollama have Ollama's names`() throws {
        let manifests = ".ollama/models/manifests/"
        try write(".ollama/models/blobs/sha256-\(Self.sum)")
        let good = manifest(layer("template", digest: "sha256:00") + "," + layer())
        try write(manifests + "registry.ollama.ai/library/qwen2.5/0.5b", good)
        try write(manifests + "registry.ollama.ai/me/mine/latest", good)
        try write(manifests + "hf.co/owner/repo/Q4_K_M", good)
        #expect(
            names() == [
                "hf.co/owner/repo:Q4_K_M ollama", "qwen2.5:0.5b ollama",
                "me/mine:latest ollama",
            ])
        let blob = home.path(".ollama/models/blobs/sha256-\(Self.sum)")
        for word in ["qwen2.5:0.5b", "ollama:qwen2.5:0.5b", "me/mine", "ollama:me/mine:latest"] {
            let path = try store().resolve(word)
            #expect(
                URL(fileURLWithPath: path).resolvingSymlinksInPath()
                    == URL(fileURLWithPath: blob).resolvingSymlinksInPath(), "\(word)")
        }
        #expect(store().names(near: "qwen2.5:0.5").first == "qwen2.5:0.5b")
        #expect(names(["OLLAMA_MODELS": home.path("none")]).isEmpty)
    }

    @Test(arguments: [
        ("{", "no manifest"), ("[]", "no manifest"), ("{}", "no GGUF"),
        (#"{"layers": [{"mediaType": 1}]}"#, "no manifest"),
        (
            #"{"layers": [{"mediaType": "\#(OllamaManifest.modelType)", "digest": "../x"}]}"#,
            "is not there"
        ),
    ])
    func `a damaged manifest is passed over with a word`(text: String, reason: String) throws {
        try write(".ollama/models/manifests/registry.ollama.ai/library/a/b", text)
        let found = store().foreign()
        #expect(found.models.isEmpty)
        #expect(found.skipped.count == 1 && found.skipped[0].contains(reason), "\(found.skipped)")
    }

    @Test func `an adapter, a blob that is gone and a manifest that leads out are no models`()
        throws
    {
        let place = ".ollama/models/manifests/registry.ollama.ai/library/a/"
        try write(place + "gone", manifest(layer()))
        try write(place + "adapter", manifest(layer() + "," + layer("adapter")))
        try write("outside", manifest(layer()))
        try link(place + "out", to: home.path("outside"))
        let found = store().foreign()
        #expect(found.models.isEmpty)
        #expect(found.skipped.count == 2, "\(found.skipped)")
    }

    @Test func `LM Studio's folders are its publishers and models`() throws {
        let folder = ".lmstudio/models/publisher/model/"
        try write(folder + "m-Q4_K_M.gguf")
        try write(folder + "mmproj-m.gguf")
        try write(folder + "s-00001-of-00002.gguf")
        try write(folder + "s-00002-of-00002.gguf")
        try write(folder + "t-00002-of-00002.gguf")
        try write(folder + "readme.md")
        #expect(names() == ["m-Q4_K_M lmStudio", "s lmStudio"])
        let found = store().foreign()
        #expect(found.models[1].byteCount == 8 && found.models[1].path.contains("00001"))
        #expect(found.skipped.count == 1)
        #expect(
            try store().resolve("lmstudio:publisher/model/s").hasSuffix("s-00001-of-00002.gguf"))
    }

    @Test func `LM Studio's pointer and its settings are followed`() throws {
        try write(".lmstudio-home-pointer", home.path("lm") + "\n")
        try write("lm/models/p/m/a.gguf")
        #expect(names() == ["a lmStudio"])
        try write("lm/settings.json", #"{"downloadsFolder": "\#(home.path("big"))"}"#)
        try write("big/p/m/b.gguf")
        #expect(names() == ["b lmStudio", "a lmStudio"])
    }

    @Test func `the hub's cache is read at the commit of its main branch`() throws {
        let repository = "models--owner--a--b"
        for root in [".cache/huggingface/hub/", "hf/hub/", "hub/"] {
            try write(root + repository + "/blobs/1")
            try write(root + repository + "/refs/main", Self.commit)
            try link(
                root + repository + "/snapshots/\(Self.commit)/m.gguf", to: "../../blobs/1")
            try link(
                root + repository + "/snapshots/\(Self.commit)/gone.gguf", to: "../../blobs/2")
            try write(root + repository + "/snapshots/\(Self.commit)/config.json", "{}")
            try write(root + "models--owner--none/refs/main", "../../..")
        }
        #expect(names() == ["m hub"])
        #expect(store().foreign().skipped.count == 1)
        #expect(try store().resolve("hub:owner/a/b/m").hasSuffix("/m.gguf"))
        for (name, value) in [("HF_HOME", "hf"), ("HF_HUB_CACHE", "hub")] {
            let path = try store([name: home.path(value)]).resolve("m")
            #expect(path.contains("/\(value)/"), "\(path)")
        }
    }

    @Test func `llama cpp's cache has files, and repositories where it is told to`() throws {
        try write(".cache/llama.cpp/owner_repo_m.gguf")
        #expect(names() == ["owner_repo_m llamaCpp"])
        try write("cache/x.gguf")
        try write("cache/models--o--r/refs/main", Self.commit)
        try write("cache/models--o--r/snapshots/\(Self.commit)/y.gguf")
        #expect(
            names(["LLAMA_CACHE": home.path("cache")]) == ["x llamaCpp", "y llamaCpp"])
        // One folder of two programs has its models once.
        let both = ["LLAMA_CACHE": home.path("cache"), "HF_HUB_CACHE": home.path("cache")]
        #expect(names(both) == ["x llamaCpp", "y llamaCpp"])
    }

    @Test func `a link that leads out or in a circle is not followed`() throws {
        try write("secret/x.gguf")
        try link(".lmstudio/models/p/m/out.gguf", to: home.path("secret/x.gguf"))
        try link(".lmstudio/models/p/m/dev.gguf", to: "/dev/zero")
        try link(".lmstudio/models/p/loop", to: "..")
        try link(".lmstudio/models/p/away", to: home.path("secret"))
        let found = store().foreign()
        #expect(found.models.isEmpty)
        #expect(found.skipped.count == 2, "\(found.skipped)")
    }

    @Test func `a name that two places know is told apart`() throws {
        try write(".lmstudio/models/p/one/m.gguf")
        try write(".lmstudio/models/p/two/m.gguf")
        try write(".cache/llama.cpp/m.gguf")
        try write(".cache/llama.cpp/own.gguf")
        #expect(
            names() == [
                "lmstudio:p/one/m lmStudio", "lmstudio:p/two/m lmStudio", "llama.cpp:m llamaCpp",
                "own llamaCpp",
            ])
        let error = #expect(throws: ModelStoreError.self) { try store().find("m") }
        #expect(error?.code == .ambiguous)
        #expect(error?.message.contains("'lmstudio:p/two/m'") == true)
        #expect(try store().resolve("lmstudio:p/two/m").hasSuffix("two/m.gguf"))
        // One of the store comes first.
        try write("own/models/own.gguf")
        let owned = store(["QUIRE_HOME": home.path("own")])
        #expect(try owned.resolve("own") == home.path("own/models/own.gguf"))
        #expect(owned.namesHere.contains("llama.cpp:own"))
        #expect(owned.namesHere.filter { $0 == "own" }.count == 1)
    }

    @Test func `nothing is written`() throws {
        try write(".lmstudio/models/p/m/a.gguf")
        try write(".ollama/models/manifests/registry.ollama.ai/library/a/b", "{")
        func tree() throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: home.path).sorted()
        }
        let before = try tree()
        _ = store().foreign()
        _ = try store().resolve("a")
        #expect(try tree() == before)
    }
}
