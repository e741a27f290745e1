import ArgumentParser
import Engine
import Identifiers
import Tokenization

/// `quire perplexity`.
struct PerplexityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perplexity",
        abstract: "Measure how well a model predicts a text.",
        discussion: """
            The text is cut into windows of --context tokens, the rest dropped, and the second \
            half of each window is scored from its own window's beginning, as the field's other \
            tools do it. Lower is better; the numbers of two models compare only if their \
            vocabularies are the same.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp("An installed model, or the path of a file.", valueName: "model"))
    var model: String

    @Option(name: .long, help: ArgumentHelp("The text, UTF-8.", valueName: "file"))
    var file: String

    @OptionGroup var output: OutputOptions

    @OptionGroup var engine: EngineOptions

    /// Tokens of a window, unless `--context` says otherwise.
    private static let defaultWindow = 512

    /// Rows of logits that are computed at once: few of a large vocabulary fill the caches.
    private static let outputs = 64

    private struct Report: Encodable {
        let perplexity: Double
        let tokens: Int
    }

    func run() async throws {
        var options = engine
        let window = engine.context ?? Self.defaultWindow
        options.context = window
        options.chunk = min(options.chunk, window)
        let text = try StandardStreams.read(file: file)
        let session = try ModelSession(
            path: try ModelChoice.path(of: model), options: options, batch: engine.batch ?? 1,
            outputs: Self.outputs)
        let tokenizer = session.tokenizer
        // A model that begins its prompts with BOS begins an empty one with it.
        let bos = tokenizer.encodePrompt("").first.flatMap { $0 == tokenizer.bos ? $0 : nil }
        let result = try session.llm.perplexity(
            of: tokenizer.encode(text), window: window, bos: bos)
        switch output.format {
        case .json:
            print(try JSONText.line(Report(perplexity: result.value, tokens: result.tokens)))
        case .text:
            let value = (result.value * 10_000).rounded() / 10_000
            print(
                "perplexity \(value) over \(result.tokens) tokens of "
                    + "\(result.windows) windows of \(window)")
        }
    }
}
