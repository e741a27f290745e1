import Foundation
import Testing

@testable import ModelStore

struct StoreTests {
    @Test func `the folder follows the environment`() {
        func folder(_ environment: [String: String]) -> String {
            ModelStore(environment: environment).folder
        }
        #expect(folder(["QUIRE_HOME": "/q", "HOME": "/h"]) == "/q/models")
        #expect(folder(["XDG_DATA_HOME": "/x", "HOME": "/h"]) == "/x/quire/models")
        #expect(folder(["XDG_DATA_HOME": "x", "HOME": "/h"]) == "/h/.local/share/quire/models")
        #expect(folder(["QUIRE_HOME": "", "HOME": "/h"]) == "/h/.local/share/quire/models")
    }

    @Test(arguments: ["a", "gemma-3-270m", "Qwen2.5_x", "1b", String(repeating: "a", count: 96)])
    func `a name is letters, digits and three marks`(name: String) throws {
        #expect(try ModelName(name).rawValue == name)
    }

    @Test(arguments: [
        "", ".", "..", "../x", "a/b", "/etc/passwd", ".hidden", "-rf", "a b", "a\n", "ä",
        "x.gguf", "x.GGUF", "a\u{0}b", "x-00001-of-00002", "a\\b",
        String(repeating: "a", count: 97),
    ])
    func `a name that could be anything else is refused`(name: String) {
        #expect(throws: ModelStoreError.self) { try ModelName(name) }
    }

    @Test func `models are resolved by path, by name, or not at all`() throws {
        let test = try PullTest()
        try test.write([1, 2, 3], to: "gemma-3-270m.gguf")
        let path = test.store.folder + "/gemma-3-270m.gguf"
        #expect(try test.store.resolve(path) == path)
        #expect(try test.store.resolve("gemma-3-270m") == path)
        func message(_ name: String) throws -> String {
            let error = #expect(throws: ModelStoreError.self) { try test.store.resolve(name) }
            #expect(error?.code == .notFound)
            return try #require(error).message
        }
        #expect(try message("gema-3-270m").contains("Did you mean gemma-3-270m?"))
        #expect(try !message("gema-3-270m").contains("quire pull"))
        #expect(try message("llama-3.2-1b").contains("quire pull llama-3.2-1b"))
        #expect(try message("llama-3.2").contains("Did you mean llama-3.2-1b?"))
        #expect(try message("/nowhere/x.gguf") == "There is no file '/nowhere/x.gguf'.")
        #expect(try message("hf:owner/repository").contains("quire pull hf:owner/repository"))
        #expect(try message("zzzzzzzz").contains("quire list"))
        #expect(try message(test.store.folder).contains("is a folder"))
    }

    @Test func `a folder that does not exist holds no models`() throws {
        let store = ModelStore(folder: "/nowhere/models")
        #expect(try store.installed().isEmpty)
    }

    @Test func `models are listed with the parts of split ones together`() throws {
        let test = try PullTest()
        try test.write([1, 2, 3], to: "b.gguf")
        try test.write([1], to: "a-00002-of-00002.gguf")
        try test.write([1, 2], to: "a-00001-of-00002.gguf")
        try test.write([1], to: "c.gguf.part")
        try test.write([1], to: ".d.gguf")
        try test.write([1], to: "readme.txt")
        let models = try test.store.installed()
        #expect(models.map(\.name) == ["a", "b"])
        #expect(models.map(\.byteCount) == [3, 3])
        #expect(models[0].files.count == 2)
        #expect(models[0].path == test.store.folder + "/a-00001-of-00002.gguf")
        #expect(try test.store.resolve("a") == models[0].path)
    }

    @Test func `removing takes a model's files and nothing else`() throws {
        let test = try PullTest()
        for name in [
            "a.gguf", "a.gguf.part", "a.gguf.part.json", "a-00001-of-00002.gguf.part",
            "ab.gguf", "ab.gguf.part", "b-00001-of-00002.gguf", "b-00002-of-00002.gguf",
        ] {
            try test.write([1, 2], to: name)
        }
        #expect(try test.store.remove(ModelName("a")) == 8)
        #expect(try test.store.remove(ModelName("b")) == 4)
        #expect(try test.files == ["ab.gguf", "ab.gguf.part"])
        let error = #expect(throws: ModelStoreError.self) {
            try test.store.remove(ModelName("a"))
        }
        #expect(error?.code == .notFound)
    }

    @Test func `packed weights have a file of their model's, which goes with it`() throws {
        let test = try PullTest()
        try test.write([1, 2, 3], to: "a.gguf")
        try test.write([1], to: "b.gguf")
        let path = try test.store.packedFile(of: test.store.folder + "/a.gguf")
        #expect(path == test.store.packedPath(of: test.store.folder + "/../models/a.gguf"))
        #expect(path != test.store.packedPath(of: "/elsewhere/a.gguf"))
        let other = try test.store.packedFile(of: test.store.folder + "/b.gguf")
        for file in [path, path + ".partial", other] {
            try Data([1, 2]).write(to: URL(fileURLWithPath: file))
        }
        #expect(try test.store.remove(ModelName("a")) == 7)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(left == [URL(fileURLWithPath: other).lastPathComponent])
    }

    @Test func `near names are few edits away`() {
        let names = ["gemma-3-270m", "gemma-3-1b-it", "qwen2.5-0.5b", "llama-3.2-1b"]
        #expect(NearNames.suggestions(for: "gemma3-270m", among: names) == ["gemma-3-270m"])
        #expect(NearNames.suggestions(for: "qwen", among: names) == ["qwen2.5-0.5b"])
        #expect(NearNames.suggestions(for: "GEMMA-3-270M", among: names).first == "gemma-3-270m")
        #expect(NearNames.suggestions(for: "bert", among: names).isEmpty)
        #expect(NearNames.editDistance(Array("kitten"), Array("sitting")) == 3)
        #expect(NearNames.editDistance([], Array("ab")) == 2)
        #expect(NearNames.editDistance(Array("rnu"), Array("run")) == 1)
        #expect(NearNames.editDistance(Array("hlep"), Array("help")) == 1)
        #expect(NearNames.suggestions(for: "rnu", among: ["rm", "run"]).first == "run")
        #expect(
            NearNames.suggestions(for: "a100", among: ["a10", "a100-80", "a100-40", "h100"])
                == ["a100-40", "a100-80", "a10"])
    }

    @Test func `names of parts are read and written`() {
        let part = SplitFileName(stem: "model-00002-of-00010")
        #expect(part?.base == "model" && part?.index == 2 && part?.count == 10)
        #expect(SplitFileName.stem(base: "m", index: 2, count: 10) == "m-00002-of-00010")
        for stem in [
            "model", "-00001-of-00002", "m-00000-of-00002", "m-00003-of-00002",
            "m-00001-of-99999", "m-0001-of-00002", "m-00001_of-00002", "m-0000a-of-00002",
        ] {
            #expect(SplitFileName(stem: stem) == nil, "\(stem)")
        }
    }
}
