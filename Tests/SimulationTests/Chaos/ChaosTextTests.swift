import Simulation
import Testing

@Suite struct `Chaos scripts as text` {
    @Test func `are read as they were written`() throws {
        for seed: UInt64 in 0..<100 {
            var script = ChaosScript(drawnFrom: seed)
            if seed % 3 == 0 { script.plant = .missingCopy }
            #expect(try ChaosText.script(ChaosText.text(of: script)) == script)
        }
    }

    @Test func `can be written by hand`() throws {
        let script = try ChaosText.script(
            """
            quire chaos 1
            # two requests and one change of mind
            machine blocks=4 block-size=2 length=8
            request 0 prompt=1,2,3 max=2
            request 1 prompt=1,2,3,4 max=2

            at 3 cancel 1 decode
            at 0 submit 0
            at 1 submit 1
            """)
        #expect(script.events.map(\.turn) == [0, 1, 3], "events are put in order")
        #expect(script.requests[1].prompt.count == 4)
        #expect(script.ending == .drain)
        let result = try ChaosRun(script).run()
        #expect(result.failure == nil)
        #expect(result.steps > 4)
    }

    @Test(arguments: [
        ("chaos", "line 1: a script begins with `quire chaos 1`"),
        ("", "the first line must be `quire chaos 1`"),
        ("quire chaos 1\nfly", "line 2: there is no line that begins with fly"),
        ("quire chaos 1\nmachine speed=3", "line 2: a machine has no speed"),
        ("quire chaos 1\nmachine blocks=many", "line 2: blocks is many; it must be a number"),
        ("quire chaos 1\nmachine blocks", "line 2: blocks is not NAME=VALUE"),
        (
            "quire chaos 1\nmachine host-slots=-1",
            "line 2: a machine's host-slots is -1; it is from 0 to 65536"
        ),
        (
            "quire chaos 1\nmachine chunk=1000000",
            "line 2: a machine's chunk is 1000000; it is from 0 to 65536"
        ),
        (
            "quire chaos 1\nmachine tier-us=-5",
            "line 2: a machine's tier-us is -5; it is from 0 on"
        ),
        ("quire chaos 1\r\n\r\nfly\r\n", "line 3: there is no line that begins with fly"),
        (
            "quire chaos 1\nrequest 1 prompt=1",
            "line 2: requests are numbered in order; this is the request 0"
        ),
        (
            "quire chaos 1\nrequest 0 prompt=16",
            "line 2: 16 is no token; they go from 0 to 15"
        ),
        ("quire chaos 1\n\nat 3 explode", "line 3: nothing happens that is called explode"),
        ("quire chaos 1\nat x submit 0", "line 2: an event is `at TURN WHAT ...`"),
        ("quire chaos 1\nending well", "line 2: there is no ending well"),
        ("quire chaos 1\nplant roses", "line 2: there is no plant roses"),
    ])
    func `say where they cannot be read`(text: String, error: String) {
        #expect(throws: ChaosError(error)) { try ChaosText.script(text) }
    }

    @Test func `go through a process's pipes`() throws {
        let task = ChaosTask.seed(7, plant: .doubleFree)
        let lines = task.lines.split(separator: "\n").map(String.init)
        #expect(lines.last == ".")
        #expect(try ChaosTask(lines: lines.dropLast()) == task)
        let script = ChaosTask.script(ChaosScript(drawnFrom: 7))
        #expect(
            try ChaosTask(lines: script.lines.split(separator: "\n").dropLast().map(String.init))
                == script)

        let reply = ChaosTask.seed(7, plant: nil).run()
        #expect(reply.failure == nil && reply.steps > 0 && !reply.marks.isEmpty)
        #expect(ChaosReply(line: reply.line) == reply)
        var failed = reply
        failed.failure = ChaosFailure(.answers, "two\nlines")
        #expect(ChaosReply(line: failed.line)?.failure == ChaosFailure(.answers, "two lines"))
        #expect(ChaosReply(line: "hello") == nil)
    }
}
