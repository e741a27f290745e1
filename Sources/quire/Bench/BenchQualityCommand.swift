import ArgumentParser
import Foundation
import KVCache
import QuireEngine
import QuireIdentifiers
import QuireModels
import Reporting
import Tensors
import Tokenization

struct BenchQualityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quality",
        abstract: "Show what each number format costs and gives: quality, speed, memory.",
        discussion: """
            For every format of keys and values and every precision of the activations: the \
            perplexity of a text (as quire perplexity measures it), against that of the most \
            precise, tokens a second of that text's computation and of generating, and bytes of \
            keys and values a token. float32 activations are slow: they are the reference.

            quire bench quality --file README.md
            quire bench quality --model gemma-3-270m --file README.md
            """)

    @Option(
        help: "An installed model or the path of a GGUF file (default: the demo model).",
        completion: ModelCompletion.models)
    var model: String?

    @Option(
        help: ArgumentHelp("The text that is to be predicted, UTF-8.", valueName: "file"),
        completion: .file())
    var file: String

    @Option(help: ArgumentHelp("Tokens of a window of the text.", valueName: "n"))
    var window = 512

    @Option(
        help: ArgumentHelp(
            "Take no more than this many tokens of the text.", valueName: "n"))
    var tokens = 4096

    @Option(help: ArgumentHelp("Tokens that are generated to measure that.", valueName: "n"))
    var generate = 64

    @OptionGroup var load: LoadOptions

    @OptionGroup var output: BenchOutputOptions

    func validate() throws {
        for (value, name, least) in [
            (window, "--window", 2), (tokens, "--tokens", 1), (generate, "--generate", 1),
        ] where !(least...(1 << 24)).contains(value) {
            throw ValidationError(
                "\(name) is \(value); it must be from \(least) to \(1 << 24).")
        }
        guard generate < window else {
            throw ValidationError("--generate must be below --window.")
        }
    }

    func run() async throws {
        try output.report.require(charts: Self.charts([]).count)
        if model == nil { Terminal.note(DemoModel.note) }
        let path = try model.map { try ModelChoice.path(of: $0) } ?? DemoModel.path()
        let text = try StandardStreams.read(file: file)
        let name = model.map { ($0 as NSString).lastPathComponent } ?? "demo"
        let threads = load.threads ?? MachineInfo.current().usableCores
        var printer = BenchPrinter(
            output.format,
            common: BenchRow(["model": .text(name), "window": .integer(window)])
                .followed(by: BenchMachine.fields(threads: threads)),
            columns: [
                ("kv_dtype", "KEYS, VALUES"), ("activations", "ACTIVATIONS"),
                ("perplexity", "PERPLEXITY"), ("change_percent", "CHANGE %"),
                ("score_tok_s", "TEXT tok/s"), ("decode_tok_s", "DECODE tok/s"),
                ("kv_bytes_per_token", "KV B/TOKEN"),
            ])
        for line in printer.begin() { StandardStreams.write(line + "\n") }
        var reference: Double?
        for activations in [ActivationMode.float32, .int8] {
            for dtype in [KVDType.f32, .bf16, .f16, .int8] {
                let row = try row(path, text, dtype, activations, &reference)
                for line in try printer.lines(row) { StandardStreams.write(line + "\n") }
            }
        }
        try printer.write(
            output.report, title: "What number formats cost and give",
            summary: "Perplexity against the most precise, beside speed and memory.",
            charts: Self.charts)
    }

    private static func charts(_ rows: [BenchRow]) -> [any Chart] {
        let names = rows.map { "\($0.word("kv_dtype")), \($0.word("activations"))" }
        return [
            BarChart(
                title: "Perplexity against the most precise",
                caption:
                    "Keys and values, then activations: what rounding does to the predictions.",
                categories: names, axis: Axis("Change", .percent),
                bars: [
                    .init(
                        "change", rows.map { (Double($0.word("change_percent")) ?? .nan) / 100 },
                        tone: .series(0))
                ]),
            BarChart(
                title: "Speed", caption: "Matrix multiplications in int8 are what makes it fast.",
                categories: names, axis: Axis("Tokens a second", .count("tokens/s")),
                bars: [
                    .init("text", rows.map { $0.number("score_tok_s") }, tone: .computed),
                    .init("decode", rows.map { $0.number("decode_tok_s") }, tone: .decoded),
                ]),
        ]
    }

    private func row(
        _ path: String, _ text: String, _ dtype: KVDType, _ activations: ActivationMode,
        _ reference: inout Double?
    ) throws -> BenchRow {
        let session = try session(path, dtype, activations)
        let tokenizer = session.tokenizer
        let ids = Array(tokenizer.encode(text).prefix(tokens))
        let bos = tokenizer.encodePrompt("").first.flatMap { $0 == tokenizer.bos ? $0 : nil }
        let clock = ContinuousClock()
        let start = clock.now
        let result = try session.llm.perplexity(of: ids, window: window, bos: bos)
        let seconds = (clock.now - start).seconds
        reference = reference ?? result.value
        return BenchRow([
            "kv_dtype": .text(dtype.rawValue),
            "activations": .text(activations.rawValue),
            "perplexity": .text(Self.digits(result.value, 4)),
            "change_percent": .text(
                Self.digits(100 * (result.value / (reference ?? result.value) - 1), 3)),
            "tokens_scored": .integer(result.tokens),
            "score_tok_s": .number(Double(result.windows * window) / seconds),
            "decode_tok_s": BenchValue(try decode(session, Array(ids.prefix(window - generate)))),
            "kv_bytes_per_token": .integer(
                session.llm.layout.geometry.layers.reduce(0) { $0 + $1.bytesPerToken(dtype) }),
            "weight_bytes": .integer(session.model.weightBytes),
        ])
    }

    /// All digits count where the differences are small.
    private static func digits(_ value: Double, _ count: Int) -> String {
        String(format: "%.\(count)f", value)
    }

    private func session(
        _ path: String, _ dtype: KVDType, _ activations: ActivationMode
    ) throws -> ModelSession {
        var options = try EngineOptions.parse([])
        options.load = load
        options.context = window
        options.compute.kvDtype = dtype
        options.compute.activations = activations
        options.compute.chunk = window
        return try ModelSession(path: path, options: options, batch: 1, outputs: 64)
    }

    /// Tokens a second after the first.
    private func decode(_ session: ModelSession, _ prompt: [TokenID]) throws -> Double? {
        let request = GenerationRequest(
            prompt: prompt, parameters: SamplingParameters(maxTokens: generate, ignoreEOS: true))
        var waiting = [request].makeIterator()
        var first: Duration?
        var last: Duration?
        try session.llm.feed(
            inFlight: 1, next: { () throws(EngineError) in waiting.next() },
            onAnswer: { (_, result) throws(EngineError) in
                for completion in try result.get() {
                    (first, last) = (completion.timeline.firstToken, completion.timeline.finished)
                }
            })
        guard let first, let last, generate > 1 else { return nil }
        return Double(generate - 1) / (last - first).seconds
    }
}
