import Foundation
import Testing

#if os(Linux)
    /// Files whose names are not UTF-8.
    struct FileNameTests {
        private static let name = "name=$(printf 'caf\\351'); "

        @Test(arguments: [
            "inspect \"$name.gguf\"", "tokenize --model \"$name.gguf\" --text a",
            "generate --model=\"$name.gguf\" --prompt a --max-tokens 2",
            "run \"./$name.gguf\" a --max-tokens 2",
            "perplexity --model \"$MODEL\" --file \"$name.txt\"",
            "bench tokenizer --model \"$MODEL\" --file=\"$name.txt\" --repetitions 1",
            "generate --model \"$MODEL\" --prompts \"$name.jsonl\" --max-tokens 2",
            "batch --model \"$MODEL\" --input \"$name.jsonl\" --output out --max-logprobs 0",
            "generate --model \"$MODEL\" --prompt a --max-tokens 2 --repack-cache "
                + "--prefix-cache-file \"$name.txt\"",
        ])
        func `a file whose name is not UTF-8 is opened`(command: String) throws {
            let outcome = try QuireProcess.shell(
                """
                \(Self.name)
                cp "$MODEL" "$name.gguf"
                seq 400 | sed 's,.*,Once upon a time,' > "$name.txt"
                echo '"Once"' > "$name.jsonl"
                "$QUIRE" \(command)
                """)
            #expect(!outcome.signalled)
            let isBatch = command.hasPrefix("batch")
            #expect(outcome.status == (isBatch ? 1 : 0), "\(outcome.stderr)")
            #expect(isBatch || !outcome.stdout.isEmpty)
        }

        @Test func `a name that is not UTF-8 is shown with its bytes`() throws {
            let outcome = try QuireProcess.shell(
                Self.name + "echo x > \"$name.gguf\"; \"$QUIRE\" inspect \"$name.gguf\"")
            #expect(outcome.stderr.contains("caf\\xe9.gguf"), "\(outcome.stderr)")
        }

        @Test func `a text that is not UTF-8 is no argument`() throws {
            let outcome = try QuireProcess.shell(
                Self.name + "\"$QUIRE\" tokenize --model \"$MODEL\" --text \"$name\"")
            #expect(!outcome.succeeded && outcome.stdout.isEmpty)
            #expect(outcome.stderr.contains("0xE9 at offset 3"), "\(outcome.stderr)")
        }
    }
#endif
