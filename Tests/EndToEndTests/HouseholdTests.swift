import Foundation
import Testing

/// The commands that look after models and machine: `inspect`, `list`, `doctor`.
struct HouseholdTests {
    @Test func `inspect shows what is in a model file`() throws {
        let text = try QuireProcess.run(["inspect", QuireProcess.demoModel.path])
        #expect(text.succeeded, "\(text.stderr)")
        #expect(text.stdout.contains("llama"))
        #expect(text.stdout.contains("quire-demo"))

        let json = try QuireProcess.run(
            ["inspect", QuireProcess.demoModel.path, "--format", "json"])
        #expect(json.succeeded, "\(json.stderr)")
        let object = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8))
        #expect(object is [String: Any])
    }

    @Test func `list and inspect find the models of other programs`() throws {
        let outcome = try QuireProcess.shell(
            """
            mkdir -p .lmstudio/models/p/m
            cp "$MODEL" .lmstudio/models/p/m/theirs.gguf
            sum=$(printf 'ab%.0s' $(seq 32))
            manifests=.ollama/models/manifests/registry.ollama.ai/library/a
            mkdir -p .ollama/models/blobs $manifests
            cp "$MODEL" .ollama/models/blobs/sha256-$sum
            echo '{"layers": [{"mediaType": "application/vnd.ollama.image.model",
                "digest": "sha256:'$sum'"}]}' > $manifests/b
            echo '{' > $manifests/c
            "$QUIRE" list 2> err | tr -s ' ' | cut -d ' ' -f 1-3
            grep -c 'passed over' err
            for name in theirs a:b ollama:a:b; do
                "$QUIRE" inspect $name | grep -c '^architecture *llama'
            done
            "$QUIRE" generate --model a:b --prompt Once --max-tokens 1 2>&1 | grep -c .
            """)
        #expect(
            outcome.stdout == "NAME FROM SIZE\na:b Ollama 2.3\ntheirs LM Studio\n1\n1\n1\n1\n1\n",
            "\(outcome.stdout)\(outcome.stderr)")
    }

    @Test func `inspect tells what a chat template can do and what was learned of it`() throws {
        let outcome = try QuireProcess.run(["inspect", QuireProcess.demoModel.path])
        #expect(outcome.stdout.contains("chat template   no\n"), "\(outcome.stdout)")
    }

    @Test func `list of an empty home is empty and no error`() throws {
        let text = try QuireProcess.run(["list"])
        #expect(text.succeeded, "\(text.stderr)")
        let json = try QuireProcess.run(["list", "--format", "json"])
        #expect(json.succeeded, "\(json.stderr)")
        if !json.stdout.isEmpty {
            _ = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8))
        }
    }

    @Test func `doctor reports the machine as one JSON object`() throws {
        let json = try QuireProcess.run(["doctor", "--format", "json"])
        #expect(json.succeeded, "\(json.stderr)")
        let object = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8))
        let report = try #require(object as? [String: Any])
        #expect(report.count >= 4)
        #expect((report["default_threads"] as? Int ?? 0) >= 1)
        #expect(report["advice"] is [String] && report["memory_nodes"] is [[String: Any]])

        let text = try QuireProcess.run(["doctor"], environment: ["QUIRE_ISA": "scalar"])
        #expect(text.succeeded, "\(text.stderr)")
        #expect(text.stdout.contains("scalar"))
    }
}
