import ArgumentParser
import Conversation
import QuireEngine
import Scheduling

/// `quire generate`.
struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Continue prompts for a program: exact tokens in, exact tokens out.",
        discussion: """
            quire generate --model gemma-3-270m --prompt "The capital of France is" --format json
            quire generate --model gemma-3-270m --prompts prompts.jsonl --format json

            No template is applied, and no special token is added beyond the model's own rule \
            for the beginning of a prompt; --raw-ids are fed exactly as they are. A file of \
            prompts has one on each line, a JSON string or an object with "prompt" (text or a \
            list of token ids); they run together, and each gets the tokens that it would get \
            alone. A bad line is one error line on stderr; the exit code then is 1.

            With --format json, stdout is one object a line and nothing else.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp(
            "An installed model, or the path of a file (default: demo, the built-in one).",
            valueName: "model"))
    var model: String?

    @Option(name: .long, help: ArgumentHelp("The text to continue.", valueName: "text"))
    var prompt: String?

    @Option(
        name: .long,
        help: ArgumentHelp("A file with one prompt on each line.", valueName: "file"))
    var prompts: String?

    @Option(
        name: .customLong("raw-ids"),
        help: ArgumentHelp("The tokens to continue: \"1,2,3\".", valueName: "ids"))
    var rawIDs: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Tokens of an answer at most.", valueName: "n"))
    var maxTokens = 128

    @OptionGroup var sampling: SamplingOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Report log probabilities, and those of this many likeliest tokens.",
            valueName: "k"))
    var logprobs: Int?

    @Flag(name: .customLong("ignore-eos"), help: "Go on after the model's end of an answer.")
    var ignoreEOS = false

    @Flag(name: .long, help: "Parse the names of special tokens in prompts.")
    var special = false

    @OptionGroup var output: OutputOptions

    @OptionGroup var engine: EngineOptions

    @OptionGroup var scheduling: SchedulingOptions

    private var parameters: SamplingParameters {
        SamplingParameters(
            maxTokens: maxTokens, temperature: sampling.temperature ?? 0,
            topK: sampling.topK ?? 0, topP: sampling.topP ?? 1, minP: sampling.minP ?? 0,
            seed: sampling.seed, logprobs: logprobs, ignoreEOS: ignoreEOS, stop: sampling.stop)
    }

    func validate() throws {
        let given = [prompt, prompts, rawIDs].count { $0 != nil }
        guard given == 1 else {
            throw ValidationError("Give one of --prompt, --prompts and --raw-ids.")
        }
        if let rawIDs, PromptText(rawIDs: rawIDs) == nil {
            throw ValidationError(
                "--raw-ids is '\(rawIDs)'; it must be token ids with commas between them.")
        }
        try parameters.checkForCommandLine()
    }

    func run() async throws {
        let lines = try readPrompts()
        let good = lines.count { $0.prompt != nil }
        if model == nil { Terminal.note(DemoModel.note) }
        let path = try model.map { try ModelChoice.path(of: $0) } ?? DemoModel.path()
        let batch = max(1, min(good, engine.batch ?? 16))
        let session = try ModelSession(
            path: path, options: engine, scheduling: scheduling, batch: batch)

        var requests: [GenerationRequest] = []
        for case (_, let prompt?) in lines {
            requests.append(
                GenerationRequest(
                    prompt: prompt.tokens(session.tokenizer, parseSpecial: special),
                    parameters: parameters))
        }
        let flag = StopFlag()
        let results = flag.watching {
            session.llm.answer(requests, isCancelled: { flag.isRaised })
        }
        session.close()
        var next = results.makeIterator()
        var failed = false
        for (number, prompt) in lines {
            let place = prompts.map { "\($0):\(number): " } ?? ""
            guard prompt != nil, let result = next.next() else {
                Terminal.note(
                    "error: \(place)not a prompt; a line is a JSON string or an object with "
                        + "\"prompt\", a text or a list of token ids")
                failed = true
                continue
            }
            do throws(EngineError) {
                let completion = try result.get()
                if completion.finishReason == .length, completion.tokens.count < maxTokens {
                    Terminal.note(
                        "warning: \(place)the answer ends after \(completion.tokens.count) tokens "
                            + "of --max-tokens \(maxTokens): the context is full")
                }
                try report(completion, session)
            } catch {
                Terminal.note("error: \(place)\(error)")
                failed = true
            }
        }
        if flag.isRaised { throw ExitCode(130) }
        if failed { throw ExitCode(1) }
    }

    private func readPrompts() throws -> [(number: Int, prompt: PromptText?)] {
        if let prompt { return [(1, .text(prompt))] }
        if let rawIDs { return [(1, PromptText(rawIDs: rawIDs))] }
        guard let prompts else { return [] }
        return PromptLine.parse(try StandardStreams.read(file: prompts))
    }

    private func report(_ completion: Completion, _ session: ModelSession) throws(EngineError) {
        switch output.format {
        case .text:
            StandardStreams.write(answer: completion.text + "\n")
        case .json:
            let report = GenerateReport(completion, loadSeconds: session.loadSeconds)
            if let line = try? JSONText.line(report) { StandardStreams.write(line + "\n") }
        }
    }
}
