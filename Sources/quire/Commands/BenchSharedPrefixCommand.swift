import ArgumentParser
import QuireEngine
import QuireIdentifiers
import Scheduling
import Tokenization

struct BenchSharedPrefixCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shared-prefix",
        abstract: "Measure requests that share the beginning of their prompts.",
        discussion: """
            Three times are taken in turn, each in an empty cache: the prefix alone; the requests \
            when the prefix is cached (their tails and answers); and the requests together when it \
            is not. The last over the sum of the first two is 1 when the prefix is computed once \
            and sharing costs nothing; with --no-prefix-cache there is no such ratio. Prompts are \
            drawn tokens; every answer has its full length.
            """)

    @Option(
        help: "An installed model or the path of a GGUF file (default: the demo model).",
        completion: ModelCompletion.models)
    var model: String?

    @Option(help: ArgumentHelp("Requests at once.", valueName: "n"))
    var requests = 32

    @Option(help: ArgumentHelp("Tokens of the prefix that all share.", valueName: "n"))
    var prefix = 1024

    @Option(help: ArgumentHelp("Tokens of each prompt's own tail.", valueName: "n"))
    var tail = 32

    @Option(help: ArgumentHelp("Tokens of each answer.", valueName: "n"))
    var answer = 32

    @Option(help: ArgumentHelp("How often each time is taken; the median counts.", valueName: "n"))
    var repetitions = 3

    @OptionGroup var output: OutputOptions

    @OptionGroup var engine: EngineOptions

    @OptionGroup var scheduling: SchedulingOptions

    private struct Report: Encodable {
        var requests: Int
        var prefix_tokens: Int
        var tail_tokens: Int
        var answer_tokens: Int
        var prefix_s: [Double] = []
        var cached_s: [Double] = []
        var together_s: [Double] = []
        /// Nil where nothing is shared: the parts then are not parts of the whole.
        var ratio: Double?
        var computed_tokens = 0
        var computed_if_once: Int
        var computed_if_never_shared: Int
    }

    func validate() throws {
        let most = SchedulingLimits.maxRunning
        guard requests <= most else {
            throw ValidationError("--requests is \(requests); it must be between 1 and \(most).")
        }
        for (value, name) in [
            (requests, "--requests"), (prefix, "--prefix"), (tail, "--tail"), (answer, "--answer"),
            (repetitions, "--repetitions"),
        ] where value < 1 || value > 1 << 20 {
            throw ValidationError("\(name) is \(value); it must be between 1 and \(1 << 20).")
        }
    }

    func run() async throws {
        if model == nil { Terminal.note(DemoModel.note) }
        let path = try model.map { try ModelChoice.path(of: $0) } ?? DemoModel.path()
        var options = engine
        options.context = engine.context ?? (prefix + tail + answer)
        let session = try ModelSession(
            path: path, options: options, scheduling: scheduling, batch: requests)
        var report = Report(
            requests: requests, prefix_tokens: prefix, tail_tokens: tail, answer_tokens: answer,
            // The last token of an answer is never fed back.
            computed_if_once: prefix + requests * (tail + answer - 1),
            computed_if_never_shared: requests * (prefix + tail + answer - 1))
        // The first pass warms up memory and caches of the machine.
        for repetition in 0...repetitions {
            let took = try measure(session)
            guard repetition > 0 else { continue }
            report.prefix_s.append(took.prefix)
            report.cached_s.append(took.cached)
            report.together_s.append(took.together)
            report.computed_tokens = took.computed
        }
        func median(_ seconds: [Double]) -> Double { seconds.sorted()[seconds.count / 2] }
        let parts = median(report.prefix_s) + median(report.cached_s)
        // Without a prefix cache all requests compute the prefix, in either time.
        if scheduling.prefixCache { report.ratio = median(report.together_s) / parts }
        switch output.format {
        case .json:
            print(try JSONText.line(report))
        case .text:
            func line(_ name: String, _ seconds: [Double]) -> String {
                name + seconds.map { "\(($0 * 1000).rounded() / 1000)" }.joined(separator: ", ")
            }
            print(line("prefix alone, s:            ", report.prefix_s))
            let cached = scheduling.prefixCache ? "prefix cached, s: " : "none cached, s:   "
            print(line("requests, \(cached)", report.cached_s))
            print(line("requests together, s:       ", report.together_s))
            if let ratio = report.ratio {
                print("together over the sum:      \((ratio * 1000).rounded() / 1000)")
            }
            print(
                "tokens computed together:   \(report.computed_tokens) (the prefix once: "
                    + "\(report.computed_if_once), never shared: "
                    + "\(report.computed_if_never_shared))")
        }
    }

    /// One round, in seconds.
    private func measure(
        _ session: ModelSession
    ) throws -> (prefix: Double, cached: Double, together: Double, computed: Int) {
        let llm = session.llm
        let clock = ContinuousClock()
        let size = session.tokenizer.vocabularySize
        func tokens(_ count: Int, _ seed: Int) -> [TokenID] {
            // Ordinary tokens: the first and last of a vocabulary are often special.
            (0..<count).map { place in
                TokenID(UInt32(size / 4 + (place * 7_919 + seed * 104_729) % (size / 2)))
            }
        }
        let shared = tokens(prefix, 0)
        let all = (1...requests).map { request in
            GenerationRequest(
                prompt: shared + tokens(tail, request),
                parameters: SamplingParameters(maxTokens: answer, ignoreEOS: true))
        }
        let first = GenerationRequest(
            prompt: shared, parameters: SamplingParameters(maxTokens: 1, ignoreEOS: true))
        func time(_ requests: [GenerationRequest]) throws -> Double {
            let start = clock.now
            for result in llm.answers(requests) { _ = try result.get() }
            return (clock.now - start).seconds
        }
        _ = llm.resetPrefixCache()
        let prefix = try time([first])
        let cached = try time(all)
        _ = llm.resetPrefixCache()
        let before = llm.statistics.scheduling.computedTokens
        let together = try time(all)
        let computed = llm.statistics.scheduling.computedTokens - before
        return (prefix, cached, together, computed)
    }
}
