import Foundation
import Testing

/// `quire serve` as a process, on one core too.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/curl")))
struct ServeTests {
    private static let taskset = "/usr/bin/taskset"

    /// Starts a server with the demo model, waits until it answers, and runs a script in which
    /// `$url` is where it is and `$id` its process.
    private func serving(
        _ options: String = "", pinned: Bool = false, _ script: String
    ) throws -> QuireProcess.Outcome {
        let core = "$(taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')"
        let pin = pinned ? "taskset -c \(core)" : ""
        return try QuireProcess.shell(
            """
            ulimit -c 0
            \(pin) "$QUIRE" serve "$MODEL" --port 0 \(options) 2> err &
            id=$!
            until grep -q Ready err || ! kill -0 $id 2>/dev/null; do sleep 0.02; done
            url=$(sed -n 's/^Listening at //p' err)
            ask() { curl -s -N -H 'content-type: application/json' "$@"; }
            \(script)
            cat err >&2
            """)
    }

    private static let stream = """
        ask $url/v1/completions -d '{"prompt": "Once", "max_tokens": 400, "ignore_eos": true,
            "stream": true}' > out &
        reader=$!
        until [ -s out ] || ! kill -0 $reader 2>/dev/null; do sleep 0.01; done

        """

    @Test(arguments: ["INT", "TERM", "HUP"])
    func `a signal lets the answer end, keeps what is cached, and ends with status 0`(
        name: String
    ) throws {
        let outcome = try serving(
            "--prefix-cache-file cache",
            Self.stream + """
                kill -\(name) $id
                wait $id
                echo "status $?"
                wait $reader
                tail -c 14 out
                [ -s cache ] && echo kept
                """)
        #expect(outcome.stdout == "status 0\ndata: [DONE]\n\nkept\n", "\(outcome.stderr)")
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: taskset)))
    func `on one core a signal is noticed while the model computes`() throws {
        let outcome = try serving(
            "--shutdown-timeout 0", pinned: true,
            Self.stream + """
                kill -TERM $id
                wait $id
                echo "status $?"
                wait $reader
                tail -c 14 out
                """)
        #expect(outcome.stdout == "status 0\ndata: [DONE]\n\n", "\(outcome.stderr)")
    }

    @Test func `a second signal ends the process at once`() throws {
        let outcome = try serving(
            "",
            Self.stream + """
                kill -TERM $id
                until ! ask $url/health > /dev/null; do sleep 0.01; done
                kill -TERM $id
                wait $id
                echo "status $?"
                """)
        // On its own where the answer ended before.
        #expect(["status 143\n", "status 0\n"].contains(outcome.stdout), "\(outcome.stderr)")
    }

    @Test func `a key of the environment is asked for, and a socket answers`() throws {
        let outcome = try serving(
            "--socket sock --api-key-file keys",
            """
            wait $id
            echo two >> keys; echo three >> keys
            QUIRE_API_KEY=one "$QUIRE" serve "$MODEL" --socket sock --api-key-file keys 2> err &
            id=$!
            until grep -q Ready err || ! kill -0 $id 2>/dev/null; do sleep 0.02; done
            for key in one two three four; do
                ask --unix-socket sock -o /dev/null -w '%{http_code} ' \\
                    -H "authorization: Bearer $key" http://any/v1/models
            done
            "$QUIRE" serve "$MODEL" --socket sock 2>&1 | grep -c 'another server'
            kill -TERM $id
            wait $id
            [ -e sock ] || echo gone
            """)
        #expect(outcome.stdout == "200 200 200 401 1\ngone\n", "\(outcome.stderr)")
    }

    @Test func `a port that is taken and options that do not fit are said`() throws {
        let outcome = try serving(
            "",
            """
            port=${url##*:}
            "$QUIRE" serve "$MODEL" --port $port 2>&1 | grep -c 'another program listens there'
            kill -TERM $id
            wait $id
            """)
        #expect(outcome.stdout == "1\n", "\(outcome.stderr)")
        for options in [
            ["--port", "65536"], ["--tls-cert", "a"], ["--shutdown-timeout", "-1"],
            ["--request-timeout", "0"], ["--max-queue", "0"], ["--max-connections", "0"],
        ] {
            let outcome = try QuireProcess.run(["serve", "demo"] + options)
            #expect(outcome.status == 64, "\(options)")
        }
        let nothing = try QuireProcess.run(["serve", "no-such-model"])
        #expect(nothing.status == 1)
    }

    @Test func `what is no model is said before anything listens, and its path once`() throws {
        let outcome = try QuireProcess.run(["serve", "/dev/null", "--port", "0"])
        #expect(outcome.status == 1)
        #expect(outcome.stderr.hasPrefix("error: /dev/null is a device"), "\(outcome.stderr)")
        #expect(outcome.stderr.ranges(of: "/dev/null").count == 1, "\(outcome.stderr)")
    }

    @Test func `settings of a file and of variables hold, and are printed`() throws {
        let outcome = try QuireProcess.shell(
            """
            export QUIRE_HOME="$PWD" QUIRE_API_KEY=sesame
            echo '{"port": 0, "batch": 3, "model": "demo"}' > serve.json
            QUIRE_BATCH=2 "$QUIRE" serve --print-config | tr -s ' ' | grep -E '^(batch|port|model) '
            "$QUIRE" serve --print-config | grep -c sesame
            "$QUIRE" serve 2> err &
            until grep -q Ready err || ! kill -0 $! 2>/dev/null; do sleep 0.02; done
            curl -s -H 'authorization: Bearer sesame' $(sed -n 's/^Listening at //p' err)/props |
                grep -o '"total_slots": *[0-9]*' | tr -d ' '
            kill -TERM $!
            wait $!
            QUIRE_BATCH=x "$QUIRE" serve 2>&1 | grep -c 'batch is from QUIRE_BATCH'
            QUIRE_BTACH=1 "$QUIRE" serve 2>&1 | grep -c 'did you mean QUIRE_BATCH'
            QUIRE_BTACH=1 "$QUIRE" list > /dev/null 2>&1 && echo fine
            echo '{"prot": 1}' > other.json
            "$QUIRE" serve --config other.json 2>&1 | grep -c 'did you mean port'
            """)
        let home = outcome.stdout.firstMatch(of: /port 0 (.*)\/serve.json/)?.output.1 ?? ""
        #expect(
            outcome.stdout == """
                model demo \(home)/serve.json
                port 0 \(home)/serve.json
                batch 2 QUIRE_BATCH
                0
                "total_slots":3
                1
                1
                fine
                1

                """, "\(outcome.stderr)")
    }
}
