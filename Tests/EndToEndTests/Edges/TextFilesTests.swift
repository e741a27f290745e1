import Foundation
import Testing

/// Files and streams that are not what a command can read.
struct TextFilesTests {
    static let commands = [
        "tokenize --model \"$MODEL\" < bad", "perplexity --model \"$MODEL\" --file bad",
        "bench tokenizer --model \"$MODEL\" --file bad --repetitions 1",
    ]

    private static let bad = "yes 'Once upon a time' | head -n 400 > bad; printf '\\377' >> bad; "

    @Test(arguments: commands)
    func `bytes that are not UTF-8 are refused with their offset`(command: String) throws {
        let outcome = try QuireProcess.shell(Self.bad + "\"$QUIRE\" \(command)")
        #expect(!outcome.succeeded && outcome.stdout.isEmpty)
        for words in ["0xFF at offset 6800", "--lossy"] {
            #expect(outcome.stderr.contains(words), "\(outcome.stderr)")
        }
    }

    @Test(arguments: commands)
    func `with --lossy they are replaced`(command: String) throws {
        let parts = command.split(separator: " ", maxSplits: 1)
        let first = parts[0] == "bench" ? "bench tokenizer --lossy" : "\(parts[0]) --lossy"
        let rest = String(parts[1]).replacing("tokenizer", with: "")
        let outcome = try QuireProcess.shell(Self.bad + "\"$QUIRE\" \(first) \(rest)")
        #expect(outcome.succeeded && !outcome.stdout.isEmpty, "\(outcome.stderr)")
    }

    @Test func `stdin that is not UTF-8 is no prompt`() throws {
        let outcome = try QuireProcess.shell("printf 'Once\\377' | \"$QUIRE\" run")
        #expect(!outcome.succeeded && outcome.stdout.isEmpty)
        #expect(outcome.stderr.contains("stdin is not UTF-8"), "\(outcome.stderr)")
        #expect(outcome.stderr.contains("offset 4"), "\(outcome.stderr)")
    }

    @Test(arguments: [
        "bench tokenizer --model \"$MODEL\" --file none", "tokenize --model none.json --text a",
        "perplexity --model \"$MODEL\" --file .", "generate --model \"$MODEL\" --prompts none",
        "tokenize --model \"$MODEL\" < .", "run < .",
        "batch --model \"$MODEL\" --input . --output o",
    ])
    func `a file that cannot be read is told in the system's words`(command: String) throws {
        let outcome = try QuireProcess.shell("\"$QUIRE\" \(command); echo \"status $?\"")
        #expect(outcome.stdout.hasSuffix("status 1\n"), "\(outcome.stdout)")
        for inside in ["Domain", "UserInfo", "(null)", "operation couldn"] {
            #expect(!outcome.stderr.contains(inside), "\(outcome.stderr)")
        }
        #expect(
            outcome.stderr.contains("No such file") || outcome.stderr.contains("s a directory"),
            "\(outcome.stderr)")
    }
}
