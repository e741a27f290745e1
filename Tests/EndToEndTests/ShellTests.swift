import Foundation
import Testing

/// What goes with the command: completions for shells and manual pages.
struct ShellTests {
    private static func isThere(_ program: String) -> Bool {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `a completion script is made for each shell`(shell: String) throws {
        let run = try QuireProcess.run(["--generate-completion-script", shell])
        #expect(run.succeeded && run.stderr.isEmpty, "\(run.stderr)")
        for word in ["perplexity", "kv-dtype", "bf16", "shared-prefix"] {
            #expect(run.stdout.contains(word), "\(word)")
        }
        guard Self.isThere(shell) else { return }
        let checked = try QuireProcess.shell(
            "\"$QUIRE\" --generate-completion-script \(shell) > script && \(shell) -n script")
        #expect(checked.succeeded && checked.stderr.isEmpty, "\(checked.stderr)")
    }

    /// What bash would offer for the last of the words.
    private func offers(_ words: String...) throws -> Set<String> {
        let line = words.joined(separator: " ")
        let array = words.map { "'\($0)'" }.joined(separator: " ")
        let script = """
            mkdir -p models; : > models/tiny.gguf; : > here.gguf
            PATH="$(dirname "$QUIRE"):$PATH"
            "$QUIRE" --generate-completion-script bash > script
            cat >> script <<'END'
            COMP_WORDS=(\(array)); COMP_CWORD=\(words.count - 1)
            COMP_LINE='\(line)'; COMP_POINT=\(line.utf8.count)
            _quire quire '\(words.last ?? "")' '\(words.dropLast().last ?? "")'
            printf '%s\\n' "${COMPREPLY[@]}"
            END
            bash script
            """
        let run = try QuireProcess.shell(script)
        #expect(run.succeeded, "\(run.stderr)")
        return Set(
            run.stdout.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
    }

    @Test(.enabled(if: isThere("bash")))
    func `bash completes commands, options, values and models`() throws {
        #expect(try offers("quire", "per").contains("perplexity"))
        #expect(try offers("quire", "run", "--block").contains("--block-size"))
        #expect(try offers("quire", "generate", "--kv-dtype", "b").contains("bf16"))
        #expect(try offers("quire", "run", "ti").contains("tiny"))
        #expect(try offers("quire", "run", "he").contains("here.gguf"))
        #expect(try offers("quire", "rm", "").isSuperset(of: ["tiny"]))
        #expect(try offers("quire", "pull", "gemma-3-2").contains("gemma-3-270m"))
    }

    @Test(.enabled(if: isThere("python3")))
    func `a manual page is made for every command, with all of its options`() throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts/man")
        let made = try QuireProcess.shell(
            """
            python3 '\(script.path)' "$QUIRE" pages >&2 && cd pages && ls
            if command -v groff > /dev/null; then
                for page in *.1; do groff -man -Tascii -ww "$page" > /dev/null; done
            fi
            cat *.1
            """)
        #expect(made.succeeded, "\(made.stderr)")
        // Only the script's own line: groff has nothing to complain of.
        #expect(made.stderr.split(separator: "\n").count == 1, "\(made.stderr)")
        for page in ["quire.1", "quire-run.1", "quire-rm.1", "quire-bench-shared-prefix.1"] {
            #expect(made.stdout.contains("\(page)\n"), "\(page)")
        }
        for text in [
            ".SH ENVIRONMENT", "QUIRE_ISA", ".SH FILES", ".SH EXIT STATUS",
            "\\fB\\-\\-block\\-size\\fR",
        ] {
            #expect(made.stdout.contains(text), "\(text)")
        }
    }
}
