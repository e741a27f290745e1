import ArgumentParser
import KVCache
import QuireEngine
import QuireIdentifiers
import QuireModels
import Tokenization

struct PerplexityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perplexity",
        abstract: "Measure how well a model predicts a text.",
        discussion: """
            The text is cut into windows of --context tokens, the rest dropped, and the second \
            half of each window is scored from its own window's beginning, as the field's other \
            tools do it. Lower is better; the numbers of two models compare only if their \
            vocabularies are the same.

            What a setting costs:
            quire perplexity --model MODEL --file TEXT --kv-dtype int8 --compare kv-dtype=f16
            quire perplexity --model MODEL --file TEXT --compare activations=float32
            """)

    @Option(
        name: .long,
        help: ArgumentHelp("An installed model, or the path of a file.", valueName: "model"),
        completion: ModelCompletion.models)
    var model: String

    @Option(
        name: .long, help: ArgumentHelp("The text, UTF-8.", valueName: "file"),
        completion: .file())
    var file: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Measure again with one setting changed, and show the difference: kv-dtype=f16 or "
                + "activations=float32.", valueName: "setting=value"))
    var compare: PerplexityReference?

    @OptionGroup var input: TextOptions

    @OptionGroup var output: OutputOptions

    @OptionGroup var batch: BatchOptions

    @OptionGroup var engine: EngineOptions

    /// Tokens of a window, unless `--context` says otherwise.
    private static let defaultWindow = 512

    /// Rows of logits that are computed at once: few of a large vocabulary fill the caches.
    private static let outputs = 64

    private struct Report: Encodable {
        struct Compared: Encodable {
            let setting: String
            let perplexity: Double
            /// Of the first perplexity against this one, as a share of this one.
            let change: Double
        }

        let perplexity: Double
        let tokens: Int
        var compared: Compared?
    }

    func run() async throws {
        let text = try StandardStreams.read(file: file, lossy: input.lossy)
        let result = try measure(text, engine)
        var report = Report(perplexity: result.value, tokens: result.tokens)
        if let compare {
            var changed = engine
            compare.apply(to: &changed)
            let other = try measure(text, changed)
            report.compared = Report.Compared(
                setting: compare.description, perplexity: other.value,
                change: result.value / other.value - 1)
        }
        switch output.format {
        case .json:
            print(try JSONText.line(report))
        case .text:
            print(
                "perplexity \(Self.rounded(result.value)) over \(result.tokens) tokens of "
                    + "\(result.windows) windows of \(window)")
            guard let compared = report.compared else { return }
            let percent = Self.rounded(100 * compared.change)
            print(
                "with \(compared.setting): \(Self.rounded(compared.perplexity)); "
                    + "the change from that is \(percent < 0 ? "" : "+")\(percent) %")
        }
    }

    private var window: Int { engine.context ?? Self.defaultWindow }

    private static func rounded(_ value: Double) -> Double {
        (value * 10_000).rounded() / 10_000
    }

    private func measure(_ text: String, _ given: EngineOptions) throws -> LLM.Perplexity {
        var options = given
        options.context = window
        options.compute.chunk = min(options.compute.chunk, window)
        let session = try ModelSession(
            path: try ModelChoice.path(of: model), options: options, batch: batch.size ?? 1,
            outputs: Self.outputs)
        let tokenizer = session.tokenizer
        // A model that begins its prompts with BOS begins an empty one with it.
        let bos = tokenizer.encodePrompt("").first.flatMap { $0 == tokenizer.bos ? $0 : nil }
        return try session.llm.perplexity(of: tokenizer.encode(text), window: window, bos: bos)
    }
}

/// One setting with another value: what a perplexity is compared with.
enum PerplexityReference: ExpressibleByArgument, Equatable, CustomStringConvertible {
    case keysAndValues(KVDType)
    case activations(ActivationMode)

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "kv-dtype":
            guard let type = KVDType(rawValue: parts[1]) else { return nil }
            self = .keysAndValues(type)
        case "activations":
            guard let mode = ActivationMode(rawValue: parts[1]) else { return nil }
            self = .activations(mode)
        default:
            return nil
        }
    }

    var description: String {
        switch self {
        case .keysAndValues(let type): "kv-dtype=\(type.rawValue)"
        case .activations(let mode): "activations=\(mode.rawValue)"
        }
    }

    /// Puts the value in place of the given one.
    func apply(to options: inout EngineOptions) {
        switch self {
        case .keysAndValues(let type): options.compute.kvDtype = type
        case .activations(let mode): options.compute.activations = mode
        }
    }
}
