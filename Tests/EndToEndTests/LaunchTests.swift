import Foundation
import Testing

/// `quire launch` as a process, with agents that a test has written.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/curl")))
struct LaunchTests {
    /// Runs a script in which `agent NAME` reads what an agent does from stdin, and `port` is free.
    private func script(_ text: String) throws -> QuireProcess.Outcome {
        try QuireProcess.shell(
            #"""
            ulimit -c 0
            mkdir bin; export PATH="$PWD/bin:$PATH"
            agent() { { echo '#!/bin/sh'; cat; } > bin/$1; chmod +x bin/$1; }
            ends() {
                for i in $(seq 100); do
                    curl -s 127.0.0.1:$port/health > /dev/null || { echo gone; break; }
                    sleep 0.1
                done
            }
            free() {
                "$QUIRE" serve "$MODEL" --port 0 2> probe &
                until grep -q Ready probe || ! kill -0 $! 2>/dev/null; do sleep 0.02; done
                port=$(sed -n 's/^Listening at .*://p' probe)
                [ "$1" = stay ] || { kill -TERM $!; wait $!; }
            }

            """# + text)
    }

    @Test func `a server is started for the agent and ends with it`() throws {
        let outcome = try script(
            #"""
            free
            agent claude <<'E'
            curl -s "$ANTHROPIC_BASE_URL/v1/models" | grep -o '"id": *"demo"'
            echo "$ANTHROPIC_MODEL ${ANTHROPIC_API_KEY-none} $3"
            exit 7
            E
            ANTHROPIC_API_KEY=mine "$QUIRE" launch claude --model demo --port $port \
                --context 64 -- hello
            echo "status $?"
            ends
            """#)
        #expect(
            outcome.stdout.replacing(" ", with: "")
                == "\"id\":\"demo\"\ndemononehello\nstatus7\ngone\n",
            "\(outcome.stdout)\(outcome.stderr)")
    }

    @Test func `a server outlives no agent that is killed`() throws {
        let outcome = try script(
            #"""
            free
            agent aider <<'E'
            touch begun
            while :; do sleep 0.1; done
            E
            "$QUIRE" launch aider --model demo --port $port &
            agent=$!
            until [ -e begun ] || ! kill -0 $agent; do sleep 0.05; done
            kill -INT $agent; kill -KILL $agent
            ends
            """#)
        #expect(outcome.stdout == "gone\n", "\(outcome.stderr)")
    }

    @Test func `a server that is there is used, and stays`() throws {
        let outcome = try script(
            #"""
            free stay
            server=$!
            agent codex <<'E'
            for word; do echo "$word"; done
            E
            "$QUIRE" launch codex --port $port -- exec "a b" | tail -2
            "$QUIRE" launch codex --port $port --model other 2>&1 | grep -c 'not other'
            "$QUIRE" launch opencode --port $port --print | grep -c '"baseURL":"http'
            kill -TERM $server; wait $server; echo "status $?"
            """#)
        #expect(outcome.stdout == "exec\na b\n1\n1\nstatus 0\n", "\(outcome.stderr)")
    }

    @Test func `a key of the server is passed on, and one that is missing is asked for`() throws {
        let outcome = try script(
            #"""
            free
            agent claude <<'E'
            curl -s -o /dev/null -w '%{http_code}\n' "$ANTHROPIC_BASE_URL/v1/models" \
                -H "authorization: Bearer $ANTHROPIC_AUTH_TOKEN"
            "$QUIRE" launch claude --port ${ANTHROPIC_BASE_URL##*:} --print | grep -c sesame
            env -u QUIRE_API_KEY "$QUIRE" launch claude --port ${ANTHROPIC_BASE_URL##*:} 2>&1 |
                grep -c 'asks for a key'
            E
            QUIRE_API_KEY=sesame QUIRE_MODEL=demo "$QUIRE" launch claude --port $port
            """#)
        #expect(outcome.stdout == "200\n0\n1\n", "\(outcome.stdout)\(outcome.stderr)")
    }

    @Test func `what cannot be started is said`() throws {
        let outcome = try script(
            #"""
            free
            "$QUIRE" launch aider --port $port 2>&1 | grep -c 'pip install aider-chat'
            agent aider < /dev/null
            "$QUIRE" launch aider --port $port 2>&1 | grep -c 'name the model'
            "$QUIRE" launch aider --port $port --model nosuchmodel 2>&1 | grep -c 'no model'
            "$QUIRE" launch aider --port $port --model demo --context 100000000 2>&1 |
                grep -c 'the server has ended'
            "$QUIRE" launch aider --port 0 2>&1 | grep -c 'port is 0'
            "$QUIRE" launch nobody 2>&1 | grep -c 'claude'
            """#)
        #expect(outcome.stdout == "1\n1\n1\n1\n1\n1\n", "\(outcome.stdout)\(outcome.stderr)")
    }
}
