import Foundation
import ModelFiles
import TestSupport
import Testing

/// `quire convert` and `--quantize`, on the demo model.
struct ConvertTests {
    private let folder: TemporaryFolder
    private let model = QuireProcess.demoModel.path

    init() throws { folder = try TemporaryFolder() }

    private func answer(_ model: String, _ options: [String] = []) throws -> String {
        let outcome = try QuireProcess.run(
            ["generate", "--model", model, "--prompt", "Once upon a time", "--max-tokens", "12"]
                + options)
        #expect(outcome.succeeded, "\(outcome.stderr)")
        return outcome.stdout
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    @Test func `a file of another format answers as the model rounded at load`() throws {
        let path = folder.path("small.gguf")
        let outcome = try QuireProcess.run(
            ["convert", model, path, "--quantize", "Q4_0", "--format", "json"])
        #expect(outcome.succeeded, "\(outcome.stderr)")
        #expect(!outcome.stderr.contains("\u{1B}"), "no terminal, no drawing")
        let report = try #require(try outcome.jsonLines().first)
        #expect(report["quantization"] as? String == "q4_0")
        let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        #expect(report["bytes"] as? Int == bytes)
        #expect(try names == ["small.gguf"])
        #expect(try answer(path) == answer(model, ["--quantize", "q4_0"]))
        #expect(
            try answer(path, ["--activations", "float32"])
                == answer(model, ["--quantize", "q4_0", "--activations", "float32"]))
        let shown = try QuireProcess.run(["inspect", path])
        #expect(shown.stdout.contains("Q4_0"))
    }

    @Test func `a file that is there stays unless it is given up`() throws {
        let path = try folder.write("there.gguf", [1, 2, 3])
        let refused = try QuireProcess.run(["convert", model, path])
        #expect(refused.status == 64 && refused.stderr.contains("--force"), "\(refused.stderr)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 3]))
        let forced = try QuireProcess.run(["convert", model, path, "--force"])
        #expect(forced.succeeded && forced.stdout.contains("there.gguf"), "\(forced.stderr)")
        #expect(try answer(path) == answer(model))
    }

    @Test(arguments: [
        ("/nowhere/x.gguf", "folder"), ("/tmp", "is a folder"), ("/proc/x.gguf", "/proc/x.gguf"),
    ])
    func `a place where nothing can be written is told`(place: String, hint: String) throws {
        let outcome = try QuireProcess.run(["convert", model, place])
        #expect(!outcome.succeeded && !outcome.signalled)
        #expect(outcome.stderr.contains(hint), "\(outcome.stderr)")
    }

    @Test func `a format that there is not is refused with those that there are`() throws {
        let outcome = try QuireProcess.run(
            ["convert", model, folder.path("x.gguf"), "--quantize", "q9"])
        #expect(outcome.status == 64 && outcome.stderr.contains("q4_k_m"), "\(outcome.stderr)")
        #expect(try names.isEmpty)
    }

    @Test func `a disk that is full is told, and nothing is left`() throws {
        let outcome = try QuireProcess.shell(
            """
            trap '' XFSZ
            ulimit -f 100 || exit 77
            exec "$QUIRE" convert "$MODEL" "\(folder.path)/x.gguf"
            """)
        #expect(outcome.status == 1, "\(outcome.status) \(outcome.stderr)")
        #expect(outcome.stderr.contains("cannot write"), "\(outcome.stderr)")
        #expect(try names.isEmpty)
    }

    @Test(arguments: ["INT", "TERM"])
    func `a signal leaves nothing and what was there`(name: String) throws {
        let large = folder.path("large.gguf")
        try largeModel().write(to: large)
        let path = try folder.write("x.gguf", [1, 2, 3])
        let outcome = try QuireProcess.shell(
            """
            ulimit -c 0
            "$QUIRE" convert "\(large)" "\(path)" --force --quantize q4_k_m --threads 1 2> err &
            id=$!
            until [ -s "\(path).partial" ] || ! kill -0 $id 2>/dev/null; do sleep 0.02; done
            kill -\(name) $id
            wait $id
            echo "status $?"
            cat err >&2
            """)
        #expect(outcome.stdout == "status 130\n", "\(outcome.stderr)")
        #expect(outcome.stderr.contains("was not written"), "\(outcome.stderr)")
        #expect(try names == ["large.gguf", "x.gguf"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 3]))
    }

    /// A file that takes seconds to round: of blocks in Q4_0 that are all alike.
    private func largeModel() -> GGUFWriter {
        var writer = GGUFWriter()
        writer.add("general.architecture", text: "llama")
        for layer in 0..<64 {
            writer.addTensor(
                "blk.\(layer).ffn_up.weight", dimensions: [1024, 1024], formatID: 2,
                byteCount: 32 * 1024 * 18
            ) { (sink) throws(ModelFileError) in
                try sink([UInt8](repeating: 0x35, count: 32 * 1024 * 18))
            }
        }
        return writer
    }
}
