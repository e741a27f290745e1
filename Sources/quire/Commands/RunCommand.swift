import ArgumentParser
import Foundation
import ModelStore
import QuireEngine
import Scheduling
import Tokenization

/// `quire run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Let a model continue a prompt, once or line by line.",
        discussion: """
            quire run "Once upon a time"              the built-in demo model
            quire run gemma-3-270m "The capital of"   an installed model
            quire run gemma-3-270m                    line by line (Ctrl-D ends)
            echo "Dear Sir" | quire run gemma-3-270m  the prompt from stdin

            A single argument that is neither an installed model nor a file is a prompt for the \
            demo model. The text is continued as it is: no chat template is applied. Ctrl-C stops \
            the answer.

            Tokens are sampled at temperature 0.7 among those at least 0.05 times as likely as \
            the likeliest, unless the options say otherwise.
            """)

    @Argument(
        help: ArgumentHelp("An installed model, or the path of a file.", valueName: "model"))
    var first: String?

    @Argument(help: ArgumentHelp("The text to continue.", valueName: "prompt"))
    var second: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Tokens of an answer at most.", valueName: "n"))
    var maxTokens = 512

    @OptionGroup var sampling: SamplingOptions

    @Flag(name: .long, help: "Parse the names of special tokens in prompts.")
    var special = false

    @Flag(name: .long, help: "Tell tokens and speed on stderr after each answer.")
    var stats = false

    @OptionGroup var engine: EngineOptions

    func validate() throws {
        try parameters.checkForCommandLine()
    }

    private var parameters: SamplingParameters {
        SamplingParameters(
            maxTokens: maxTokens, temperature: sampling.temperature ?? 0.7,
            topK: sampling.topK ?? 0, topP: sampling.topP ?? 1, minP: sampling.minP ?? 0.05,
            seed: sampling.seed, stop: sampling.stop)
    }

    func run() async throws {
        let (path, prompt) = try choose()
        let session = try ModelSession(path: path, options: engine, batch: 1)
        defer { session.close() }
        let flag = StopFlag()
        if let prompt {
            let reason = try answer(prompt, session, flag)
            if reason == .cancelled { throw ExitCode(130) }
        } else if Terminal.stdinIsTerminal {
            converse(session, flag)
        } else {
            // The line end that `echo` adds is not meant.
            var text = try StandardStreams.readAll()
            if text.last?.isNewline == true { text.removeLast() }
            let reason = try answer(text, session, flag)
            if reason == .cancelled { throw ExitCode(130) }
        }
    }

    /// The model's file and the prompt, from what was typed.
    private func choose() throws -> (path: String, prompt: String?) {
        guard let first else {
            Terminal.note(DemoModel.note)
            return (try DemoModel.path(), nil)
        }
        do {
            return (try ModelChoice.path(of: first), second)
        } catch {
            // A second argument makes the first a model; so does a name that could be pulled, and
            // a single word so close to one that it is rather a slip than a story's beginning.
            let isModel =
                second != nil || first.hasSuffix(".gguf")
                || (!first.contains(where: \.isWhitespace)
                    && !ModelStore().names(near: first).isEmpty)
            if isModel { throw error }
            Terminal.note(DemoModel.note)
            return (try DemoModel.path(), first)
        }
    }

    /// Reads lines and answers each, until Ctrl-D.
    private func converse(_ session: ModelSession, _ flag: StopFlag) {
        Terminal.note("Each line is continued on its own. Ctrl-C stops an answer, Ctrl-D ends.")
        let environment = ProcessInfo.processInfo.environment
        var editor = LineEditor(historyFile: HistoryFile(environment: environment))
        while let line = editor.readLine(prompt: "> ") {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            do {
                _ = try answer(line, session, flag)
            } catch {
                Terminal.note("error: \(error)")
            }
        }
    }

    /// Answers one prompt on stdout.
    private func answer(
        _ prompt: String, _ session: ModelSession, _ flag: StopFlag
    ) throws -> FinishReason {
        let tokens = session.tokenizer.encodePrompt(prompt, parseSpecial: special)
        let request = GenerationRequest(prompt: tokens, parameters: parameters)
        let results = flag.watching {
            session.llm.answer([request], isCancelled: { flag.isRaised }) { delta in
                StandardStreams.write(answer: delta.text)
                return true
            }
        }
        let completion = try results[0].get()
        StandardStreams.write("\n")
        if stats { Terminal.note(Self.summary(completion, loadSeconds: session.loadSeconds)) }
        return completion.finishReason
    }

    /// Tokens and speed of an answer, on one line.
    private static func summary(_ completion: Completion, loadSeconds: Double) -> String {
        func rate(_ count: Int, _ time: Duration) -> String {
            let seconds = time.seconds
            return seconds > 0 ? "\(Int((Double(count) / seconds).rounded())) tokens/s" : "-"
        }
        let timings = completion.timings
        let milliseconds = Int((loadSeconds * 1000).rounded())
        return "load \(milliseconds) ms; prompt \(completion.promptTokens.count) tokens, "
            + "\(rate(completion.promptTokens.count, timings.prefill)); answer "
            + "\(completion.tokens.count) tokens, "
            + "\(rate(max(0, completion.tokens.count - 1), timings.decode)); "
            + "ended by \(completion.finishReason.rawValue); seed \(completion.seed)"
    }
}

extension SamplingParameters {
    /// Checks what does not depend on the model before one is loaded.
    func checkForCommandLine() throws {
        guard maxTokens != 0 else {
            throw ValidationError("--max-tokens is 0; it must be at least 1.")
        }
        do {
            try validate(vocabularySize: .max, maxLogprobs: -1)
        } catch {
            throw ValidationError(error.message)
        }
    }
}
