import ArgumentParser
import QuireEngine
import QuireKit

struct BenchCompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Measure what paged attention and continuous batching are worth.",
        discussion: """
            The same requests are answered in the same memory without a KV cache, with a \
            contiguous one (each request reserves --longest tokens), with a paged one, in static \
            batches (the next begins when all of the last have ended) and continuously. All are \
            configurations of the engine that serves; the answers must be equal to the last token. \
            Prompts are drawn tokens, answers are greedy and have their full length. Without a \
            cache only the beginnings of a few answers are computed, so that it has no SPEEDUP.

            WASTE is the part of the allocated slots, or of all slots for what nobody could use, \
            that held no token, over the steps; RUNNING the requests that ran at once.

            quire bench compare --requests 16
            quire bench compare --model qwen2.5-coder-0.5b --sequences 8 --requests 64
            """)

    @OptionGroup var options: CompareOptions

    @Option(
        help: ArgumentHelp(
            "Instead of comparing, answer requests for this long with all that helps, and show "
                + "every tenth of the time: 10m, 90s.", valueName: "time"))
    var sustained: TimeSpan?

    @OptionGroup var output: BenchOutputOptions

    func run() async throws {
        if options.model == nil { Terminal.note(DemoModel.note) }
        let bench = try CompareBench(options)
        if let sustained {
            try bench.sustained(sustained.duration, output)
        } else {
            try bench.compare(output)
        }
    }
}
