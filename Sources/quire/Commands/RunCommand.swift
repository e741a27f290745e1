import ArgumentParser
import Conversation
import Foundation
import ModelStore
import QuireEngine
import QuireKit
import Scheduling
import Tokenization

/// Continues one prompt, or each line that a person types.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Talk to a model, or have it continue a text.",
        discussion: """
            quire run "Once upon a time"              the built-in demo model
            quire run gemma-3-270m "The capital of"   an installed model
            quire run hf:owner/repository "Once"      a source, as quire pull has them
            quire run qwen2.5-coder-0.5b              a conversation (Ctrl-D ends)
            echo "Dear Sir" | quire run gemma-3-270m  the prompt from stdin
            quire run gemma-3-270m "Summary:" < file  the prompt, a blank line, and stdin

            A source whose model is not here is pulled; a name of the catalogue is asked about, \
            on a terminal. A text as the only argument is a prompt for the demo model; a single \
            word, a path and a source are not: quire run demo "Hello" has it continue a word.

            A model with a chat template is talked to: a prompt is a message to it, and /? on a \
            terminal lists the commands of a conversation. Where there is no template, and with \
            --raw, the text is continued as it is. Ctrl-C stops the answer. Where stdin is no \
            terminal it is read to its end; < /dev/null leaves it out.

            Tokens are sampled at temperature 0.7 among those at least 0.05 times as likely as \
            the likeliest, unless the options say otherwise.
            """)

    @Argument(
        help: ArgumentHelp(
            "An installed model, the path of a file, a name of the catalogue, or a source.",
            valueName: "model"),
        completion: ModelCompletion.models)
    var first: String?

    @Argument(help: ArgumentHelp("The message, or the text to continue.", valueName: "prompt"))
    var second: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Tokens of an answer at most (default: what the context has room for; of a text that "
                + "is continued \(SamplingDefaults.run.maxTokens)).", valueName: "n"))
    var maxTokens: Int?

    @OptionGroup var chat: ChatOptions

    @OptionGroup var sampling: SamplingOptions

    @Flag(
        name: .long, help: "Parse the names of special tokens in texts that are continued.")
    var special = false

    @Flag(
        name: [.customLong("verbose"), .customLong("stats")],
        help: "Tell tokens, time and speed on stderr after each answer.")
    var verbose = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What steps are tuned for: throughput, latency or balanced. One conversation alone "
                + "waits for nobody: the modes differ where many are served.", valueName: "mode"))
    var mode: ServingMode?

    @OptionGroup var engine: EngineOptions

    func validate() throws {
        try parameters(maxTokens).checkForCommandLine()
    }

    private func parameters(_ maxTokens: Int?) -> SamplingParameters {
        var parameters = SamplingParameters(
            sampling, over: .run, maxTokens: SamplingDefaults.run.maxTokens)
        parameters.maxTokens = maxTokens
        return parameters
    }

    /// Those of texts that are continued.
    private var parameters: SamplingParameters {
        parameters(maxTokens ?? SamplingDefaults.run.maxTokens)
    }

    func run() async throws {
        let (path, typed) = try await choose()
        // Before the model is opened: where stdin is closed, its number is the next file's.
        let prompt = try Self.prompt(typed)
        if let prompt, prompt.isEmpty { throw NoPrompt() }
        let session = try ModelSession(path: path, options: engine, mode: mode, batch: 1)
        defer { session.close() }
        let flag = StopFlag()
        if let answerer = try chat.answerer(session, flag) {
            return try talk(answerer, prompt)
        }
        if !chat.raw, namesModel { Terminal.note(Self.noTemplate) }
        guard let prompt else { return converse(session, flag) }
        let reason = try answer(prompt, session, flag, isLast: true)
        if reason == .cancelled { throw ExitCode(130) }
    }

    private static let noTemplate =
        "This model has no chat template: texts are continued as they are. --chat-template chatml "
        + "(or a file) gives it one; --raw continues texts without this note."

    /// Answers a message, or talks until Ctrl-D.
    private func talk(_ answerer: ChatAnswerer, _ prompt: String?) throws {
        guard !special else {
            throw ValidationError(
                "--special goes with --raw: in a conversation only the chat template names "
                    + "special tokens.")
        }
        let conversation = try chat.conversation(
            parameters(maxTokens), answerer, isVerbose: verbose)
        guard let prompt else {
            var loop = ChatLoop(answerer, conversation)
            return loop.run()
        }
        guard !prompt.isEmpty else { throw ChatRefusal("there is no message to answer") }
        let turn = try answerer.answer(prompt, in: conversation, isLast: true)
        if verbose { Terminal.note(AnswerSummary(turn.completion).description) }
        if turn.completion.finishReason == .cancelled { throw ExitCode(130) }
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

    /// Whether a model was named, rather than only a prompt for the demo model.
    private var namesModel: Bool {
        first.map { second != nil || RunWords.isModel($0) } ?? false
    }

    /// The model's file and the prompt, from what was typed.
    private func choose() async throws -> (path: String, prompt: String?) {
        guard let first, namesModel else {
            Terminal.note(DemoModel.note)
            return (try DemoModel.path(), first)
        }
        do {
            return (try await ModelOffer().path(of: first), second)
        } catch let error as ModelStoreError where error.code == .notFound {
            throw UnknownModel(error, word: first, prompt: second)
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
        if completion.finishReason == .length,
            completion.tokens.count < parameters.maxTokens ?? .max
        {
            Terminal.note(
                "The answer was cut: prompt and answer fill the context of "
                    + "\(session.loaded.contextLength) tokens (--context takes more).")
        }
        if verbose {
            let milliseconds = Int((session.loadSeconds * 1000).rounded())
            Terminal.note("load \(milliseconds) ms; \(AnswerSummary(completion))")
        }
        return completion.finishReason
    }
}

/// Neither the command line nor stdin has a prompt.
private struct NoPrompt: Error, CustomStringConvertible {
    let description = "There is no prompt: give it as the second argument or on stdin."
}
