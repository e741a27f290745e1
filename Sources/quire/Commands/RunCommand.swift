import ArgumentParser
import Conversation
import Foundation
import ModelStore
import QuireEngine
import QuireKit
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
            quire run hf:owner/repository "Once"      a source, as quire pull has them
            quire run gemma-3-270m                    line by line (Ctrl-D ends)
            echo "Dear Sir" | quire run gemma-3-270m  the prompt from stdin
            quire run gemma-3-270m "Summary:" < file  the prompt, a blank line, and stdin

            A source whose model is not here is pulled; a name of the catalogue is asked about, \
            on a terminal. A text as the only argument is a prompt for the demo model; a single \
            word, a path and a source are not: quire run demo "Hello" has it continue a word.

            The text is continued as it is: no chat template is applied. Ctrl-C stops the \
            answer. Where stdin is no terminal it is read to its end; < /dev/null leaves it out.

            Tokens are sampled at temperature 0.7 among those at least 0.05 times as likely as \
            the likeliest, unless the options say otherwise.
            """)

    @Argument(
        help: ArgumentHelp(
            "An installed model, the path of a file, a name of the catalogue, or a source.",
            valueName: "model"),
        completion: ModelCompletion.models)
    var first: String?

    @Argument(help: ArgumentHelp("The text to continue.", valueName: "prompt"))
    var second: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Tokens of an answer at most.", valueName: "n"))
    var maxTokens = SamplingDefaults.run.maxTokens

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
        SamplingParameters(sampling, over: .run, maxTokens: maxTokens)
    }

    func run() async throws {
        let (path, typed) = try await choose()
        // Before the model is opened: where stdin is closed, its number is the next file's.
        let prompt = try Self.prompt(typed)
        let session = try ModelSession(path: path, options: engine, batch: 1)
        defer { session.close() }
        let flag = StopFlag()
        guard let prompt else { return converse(session, flag) }
        let reason = try answer(prompt, session, flag, isLast: true)
        if reason == .cancelled { throw ExitCode(130) }
    }

    /// What was typed, joined with what stdin brings; nil where lines are to be read from a person.
    private static func prompt(_ typed: String?) throws -> String? {
        if Terminal.stdinIsTerminal { return typed }
        if typed != nil, !StandardStreams.stdinIsOpen { return typed }
        return joined(typed, stdin: try StandardStreams.readAll())
    }

    /// A prompt, a blank line, and what stdin brought, without the line end that `echo` adds.
    static func joined(_ typed: String?, stdin: String) -> String {
        let text = stdin.last == "\n" || stdin.last == "\r\n" ? String(stdin.dropLast()) : stdin
        guard let typed, !typed.isEmpty else { return text }
        return text.isEmpty ? typed : typed + "\n\n" + text
    }

    /// The model's file and the prompt, from what was typed.
    private func choose() async throws -> (path: String, prompt: String?) {
        guard let first, second != nil || RunWords.isModel(first) else {
            Terminal.note(DemoModel.note)
            return (try DemoModel.path(), first)
        }
        do {
            return (try await ModelOffer().path(of: first), second)
        } catch let error as ModelStoreError where error.code == .notFound && second == nil {
            throw UnknownModel(error, word: first)
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
        _ prompt: String, _ session: ModelSession, _ flag: StopFlag, isLast: Bool = false
    ) throws -> FinishReason {
        let tokens = session.tokenizer.encodePrompt(prompt, parseSpecial: special)
        let request = GenerationRequest(prompt: tokens, parameters: parameters)
        let results = flag.watching(isLast: isLast) {
            session.llm.answer([request], isCancelled: { flag.isRaised }) { delta in
                StandardStreams.write(answer: delta.text)
                return true
            }
        }
        let completion = try results[0].get()
        StandardStreams.write("\n")
        if completion.finishReason == .length, completion.tokens.count < maxTokens {
            Terminal.note(
                "The answer was cut: prompt and answer fill the context of "
                    + "\(session.loaded.contextLength) tokens (--context takes more).")
        }
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
