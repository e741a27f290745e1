import ArgumentParser
import Foundation
import Simulation

/// `quire simulate chaos`.
struct SimulateChaosCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Run the engine's control plane through drawn trouble and check every step.",
        discussion: """
            Each seed draws a small machine, some requests, and a subset of faults and operations: \
            steps that fail, clients that leave, full queues, pools of a few blocks, tiers that \
            fail, jumps of the clock. The engine's own loop, scheduler and cache run it in pretend \
            time; an executor that knows what every slot must hold checks every read, and each \
            answer must be the one that the request gets alone. At the end all requests must be \
            answered and all blocks be back.

            A seed is run in two processes, which must agree. A state of the control plane that no \
            seed reaches is a failure (from 200 seeds on), and with --plants so is a planted bug \
            that no check finds. A failing seed is made small and written to a file, which \
            --replay runs again.

            quire simulate chaos --seed 1 --seeds 200
            quire simulate chaos --seed 1 --seeds 200 --plants
            quire simulate chaos --seed 17 --log
            """)

    @Option(help: ArgumentHelp("The first seed.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("How many seeds, counted up from the first.", valueName: "count"))
    var seeds = 1

    @Option(
        help: ArgumentHelp("Run the script of a file instead.", valueName: "file"),
        completion: .file())
    var replay: String?

    @Flag(help: "Plant each known bug in turn, and see that it is found.")
    var plants = false

    @Flag(help: "Write everything that happens, turn by turn.")
    var log = false

    @Option(
        help: ArgumentHelp(
            "Where the scripts of failing seeds go.",
            valueName: "folder"),
        completion: .directory)
    var failures = "."

    @OptionGroup var output: OutputOptions

    @Flag(help: .hidden)
    var worker = false

    func validate() throws {
        guard (1...ChaosLimits.seeds).contains(seeds) else {
            throw ValidationError("--seeds takes a number from 1 to \(ChaosLimits.seeds).")
        }
        if replay != nil, plants {
            throw ValidationError("--replay runs one script; leave --plants out.")
        }
        let option = replay != nil ? "--replay" : log ? "--log" : nil
        guard let option else { return }
        guard seeds == 1, !plants else {
            throw ValidationError("\(option) is for one run; leave --seeds and --plants out.")
        }
        guard output.format == .text else {
            throw ValidationError("\(option) is for a person; leave --format out.")
        }
    }

    func run() async throws {
        if worker { return Self.work() }
        if let replay { return try runScript(of: replay) }
        if log { return try runHere(.seed(seed, plant: nil)) }
        let start = ContinuousClock().now
        let pools = (ChaosPool(), ChaosPool())
        var hunt = ChaosHunt(ask: pools.0.run, askAgain: pools.1.run)
        for offset in 0..<seeds {
            let next = seed &+ UInt64(offset)
            if let caught = try hunt.run(seed: next) { report(caught) }
            if Terminal.stderrIsTerminal, (offset + 1) % ChaosLimits.completeSeeds == 0 {
                Terminal.write("\r\(offset + 1) of \(seeds) seeds")
            }
        }
        if Terminal.stderrIsTerminal, seeds >= ChaosLimits.completeSeeds { Terminal.write("\n") }
        var planted: [ChaosHunt.Planted] = []
        if plants {
            for plant in ChaosPlant.allCases {
                planted.append(
                    try hunt.plant(plant, from: seed, seeds: ChaosLimits.plantedSeeds))
            }
        }
        let report = ChaosReport(
            hunt.summary, first: seed, planted: planted,
            seconds: (ContinuousClock().now - start) / .seconds(1))
        switch output.format {
        case .json: print(try JSONText.line(report))
        case .text: for line in report.lines { print(line) }
        }
        if !report.isClean { throw ExitCode.failure }
    }

    /// Runs a script in this process, so that a debugger sees it.
    private func runScript(of path: String) throws {
        let bytes = try StandardStreams.bytes(file: path)
        let script: ChaosScript
        do throws(ChaosError) {
            script = try ChaosText.script(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw UnusableScript(reason: "\(path): \(error.description)")
        }
        try runHere(.script(script))
    }

    private func runHere(_ task: ChaosTask) throws {
        if log { print(ChaosText.text(of: task.script)) }
        let reply = task.run(log: log ? { print($0) } : nil)
        guard let failure = reply.failure else {
            print(
                "\(reply.turns) turns, \(reply.steps) steps, nothing wrong; "
                    + "digest \(reply.digest)")
            return
        }
        print("\(failure.checker.rawValue): \(failure.text)")
        throw ExitCode.failure
    }

    private func report(_ caught: ChaosHunt.Catch) {
        // First of all: a file that cannot be written must not lose what was found.
        let text = ChaosText.text(of: caught.script)
        Terminal.note(
            "seed \(caught.seed): \(caught.failure.checker.rawValue): \(caught.failure.text)")
        Terminal.note(text)
        let path = "\(failures)/chaos-\(caught.seed).txt"
        do {
            try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path))
            Terminal.note("quire simulate chaos --replay \(path)")
        } catch {
            Terminal.note(
                "\(path) cannot be written: \(StandardStreams.reason(of: error)). Put the lines "
                    + "above into a file, and give it to quire simulate chaos --replay")
        }
    }

    /// Runs what comes on stdin, a task after the other, until it ends.
    private static func work() {
        var lines: [String] = []
        while let line = readLine() {
            guard line == "." else {
                lines.append(line)
                continue
            }
            let reply: ChaosReply
            do throws(ChaosError) {
                reply = try ChaosTask(lines: lines).run()
            } catch {
                reply = ChaosReply(unusable: error.description)
            }
            lines = []
            try? FileHandle.standardOutput.write(contentsOf: Data((reply.line + "\n").utf8))
        }
    }
}
