import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What `quire batch` does after it was interrupted.
struct BatchResumeTests {
    private static func requests(_ count: Int, tokens: Int = 6) throws -> [String] {
        try (0..<count).map { index in
            index == 3
                ? "not a request"
                : try BatchFiles.line(
                    "r\(index)",
                    [
                        "prompt": ["Once", "upon a time \(index)"], "max_tokens": tokens,
                        "seed": index, "ignore_eos": true,
                    ])
        }
    }

    @Test func `a batch that was cut anywhere goes on to the same results`() throws {
        let files = try BatchFiles(try Self.requests(6))
        defer { files.scratch.remove() }
        _ = try files.run()
        let whole = try Data(contentsOf: files.output)
        let expected = try files.comparable()
        #expect(expected.count == 6)
        var cuts = [0, 1, whole.count - 1, whole.count]
        var start = 0
        for part in whole.split(separator: 0x0A) {
            cuts += [start + part.count / 2, start + part.count, start + part.count + 1]
            start += part.count + 1
        }
        for cut in Set(cuts) {
            try whole.prefix(cut).write(to: files.output)
            let run = try files.run()
            #expect(run.status == 1 && !run.signalled, "cut at \(cut): \(run.stderr)")
            #expect(try files.comparable() == expected, "cut at \(cut)")
            // What was there stays, byte for byte.
            let kept = whole.prefix(cut).lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            #expect(try Data(contentsOf: files.output).starts(with: whole.prefix(kept)))
        }
    }

    @Test func `another input is noticed, and more lines at its end are welcome`() throws {
        var lines = try Self.requests(3)
        let files = try BatchFiles(lines)
        defer { files.scratch.remove() }
        #expect(try files.run().succeeded)
        let results = try Data(contentsOf: files.output)

        lines[1] = try BatchFiles.line("r1", ["prompt": "Another"])
        _ = try files.scratch.write("requests.jsonl", lines.map { $0 + "\n" }.joined())
        let changed = try files.run()
        #expect(changed.status != 0 && !changed.signalled)
        #expect(changed.stderr.contains("line 2"), "\(changed.stderr)")
        _ = try files.scratch.write("requests.jsonl", lines[0] + "\n")
        #expect(try files.run().stderr.contains("another input"))
        #expect(try Data(contentsOf: files.output) == results)

        let more = try Self.requests(3) + [BatchFiles.line("more", ["prompt": "More"])]
        _ = try files.scratch.write("requests.jsonl", more.map { $0 + "\n" }.joined())
        #expect(try files.run().succeeded)
        #expect(try files.results().count == 4)
        #expect(try Data(contentsOf: files.output).starts(with: results))
    }

    @Test(arguments: ["Dear diary\n", "{\"id\": 1}\n", "no end", "{\"id\":\"batch_req_x\"}\n"])
    func `a file of something else is never touched`(content: String) throws {
        let files = try BatchFiles(try Self.requests(1))
        defer { files.scratch.remove() }
        _ = try files.scratch.write("results.jsonl", content)
        let run = try files.run()
        #expect(run.status != 0 && !run.signalled)
        #expect(run.stderr.contains("no result of quire batch"), "\(run.stderr)")
        #expect(try String(contentsOf: files.output, encoding: .utf8) == content)
    }

    @Test(arguments: ["KILL", "INT", "TERM"])
    func `a batch that was ended goes on`(signal: String) throws {
        let files = try BatchFiles(try Self.requests(300, tokens: 12))
        defer { files.scratch.remove() }
        let script = """
            "$QUIRE" batch --model "$MODEL" --input '\(files.input.path)' \
            --output '\(files.output.path)' --batch 2 & pid=$!
            while [ ! -s '\(files.output.path)' ]; do sleep 0.01; done
            kill -\(signal) $pid
            wait $pid
            echo "ended $?"
            """
        let ended = try QuireProcess.shell(script)
        // A shell leaves SIGINT of what it runs in the background ignored; the command listens.
        #expect(ended.stdout.contains(signal == "KILL" ? "ended 137" : "ended 130"))
        let before = try Data(contentsOf: files.output)
        let kept = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let run = try files.run("--batch", "8")
        #expect(run.status == 1 && !run.signalled, "\(run.stderr)")
        #expect(try files.comparable().count == 300)
        #expect(try Data(contentsOf: files.output).starts(with: before.prefix(kept)))

        let undisturbed = try BatchFiles(try Self.requests(300, tokens: 12))
        defer { undisturbed.scratch.remove() }
        _ = try undisturbed.run()
        #expect(try files.comparable() == undisturbed.comparable())
    }

    @Test func `a full disk is told, and the batch goes on when there is room`() throws {
        let files = try BatchFiles(try Self.requests(12))
        defer { files.scratch.remove() }
        let command = """
            "$QUIRE" batch --model "$MODEL" --input '\(files.input.path)' \
            --output '\(files.output.path)'
            """
        // A limit on the size of files is what a full disk is to the command.
        let full = try QuireProcess.shell(
            "trap '' XFSZ; ulimit -f 8; \(command); echo \"ended $?\"")
        #expect(full.stdout.contains("ended 1"), "\(full.stdout)")
        #expect(full.stderr.contains("cannot be written"), "\(full.stderr)")
        #expect(full.stderr.contains("goes on after the last complete result"))
        let results = try files.results().count
        #expect(results > 0 && results < 12)
        #expect(try Data(contentsOf: files.output).last == 0x0A)
        #expect(try files.run().status == 1)
        #expect(try files.comparable().count == 12)
    }

    @Test func `two at once do not mix their results`() throws {
        let files = try BatchFiles(try Self.requests(2))
        defer { files.scratch.remove() }
        try Data().write(to: files.output)
        // What the command holds while it writes.
        let other = try FileHandle(forUpdating: files.output)
        #expect(flock(other.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
        let run = try files.run()
        #expect(run.status != 0 && !run.signalled)
        #expect(run.stderr.contains("another quire batch"), "\(run.stderr)")
        #expect(try other.readToEnd()?.isEmpty != false)
    }
}
