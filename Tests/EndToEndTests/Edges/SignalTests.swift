import Foundation
import Testing

/// Signals while a model computes, on one core too.
struct SignalTests {
    private static let taskset = "/usr/bin/taskset"

    /// Starts a long batch, waits for its first result and sends a signal.
    private func signalled(_ name: String, pinned: Bool = false) throws -> QuireProcess.Outcome {
        let core = "$(taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')"
        let pin = pinned ? "taskset -c \(core)" : ""
        return try QuireProcess.shell(
            """
            ulimit -c 0
            line() {
                echo '{"custom_id": "'$1'", "method": "POST", "url": "/v1/completions", "body":' \
                    '{"prompt": "One", "max_tokens": '$2', "seed": 1, "ignore_eos": true}}'
            }
            line short 1 > in
            for i in $(seq 1 200); do line $i 400 >> in; done
            \(pin) "$QUIRE" batch --model "$MODEL" --input in --output out 2> err &
            id=$!
            until [ -s out ] || ! kill -0 $id 2>/dev/null; do sleep 0.02; done
            kill -\(name) $id
            wait $id
            echo "status $?"
            cat err >&2
            """)
    }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: taskset)),
        arguments: ["INT", "TERM", "HUP"])
    func `on one core a signal ends a batch in good order`(name: String) throws {
        let outcome = try signalled(name, pinned: true)
        #expect(outcome.stdout == "status 130\n", "\(outcome.stderr)")
        #expect(outcome.stderr.contains("run the same command again"), "\(outcome.stderr)")
    }

    @Test(arguments: ["INT", "TERM", "HUP"])
    func `every signal that ends programs has the status of the documentation`(
        name: String
    ) throws {
        let outcome = try signalled(name)
        #expect(outcome.stdout == "status 130\n", "\(outcome.stderr)")
        #expect(outcome.stderr.contains("run the same command again"), "\(outcome.stderr)")
    }

    @Test func `SIGQUIT ends the process without a backtrace`() throws {
        let outcome = try signalled("QUIT")
        #expect(outcome.stdout == "status 131\n", "\(outcome.stderr)")
        #expect(!outcome.stderr.contains("Backtrace") && !outcome.stderr.contains("Thread"))
    }
}
