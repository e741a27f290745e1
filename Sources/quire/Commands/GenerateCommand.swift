import ArgumentParser
import Conversation
import QuireEngine
import Scheduling

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
            list of token ids) and perhaps "id" (a string or an integer); they run together, and \
            each gets the tokens that it would get alone. A bad line is one error line on \
            stderr; the exit code then is 1.

            With --format json, stdout is one object a line and nothing else. Each has the index \
            of its prompt, from 0 and blank lines not counted, and the id if there is one.

            The likeliest token is taken (temperature 0), unless the options say otherwise.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp(
            "An installed model, or the path of a file (default: demo, the built-in one).",
            valueName: "model"), completion: ModelCompletion.models)
    var model: String?

    @Option(name: .long, help: ArgumentHelp("The text to continue.", valueName: "text"))
    var prompt: String?

    @Option(
        name: .long,
        help: ArgumentHelp("A file with one prompt on each line.", valueName: "file"),
        completion: .file())
    var prompts: String?

    @Option(
        name: .customLong("raw-ids"),
        help: ArgumentHelp("The tokens to continue: \"1,2,3\".", valueName: "ids"))
    var rawIDs: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Tokens of an answer at most.", valueName: "n"))
    var maxTokens = SamplingDefaults.generate.maxTokens

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

    @OptionGroup var batch: BatchOptions

    @OptionGroup var engine: EngineOptions

    @OptionGroup var scheduling: SchedulingOptions

    private var parameters: SamplingParameters {
        var parameters = SamplingParameters(sampling, over: .generate, maxTokens: maxTokens)
        parameters.logprobs = logprobs
        parameters.ignoreEOS = ignoreEOS
        return parameters
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

    /// A line of the file of prompts, or the one prompt of the command line.
    private typealias Line = (number: Int, prompt: Result<PromptLine, PromptLine.Failure>)

    /// Prompts that run at once, unless `--batch` says otherwise.
    private static let defaultBatch = 16

    func run() async throws {
        let lines = try readPrompts()
        let good = lines.compactMap { try? $0.prompt.get().prompt }
        if model == nil { Terminal.note(DemoModel.note) }
        let path = try model.map { try ModelChoice.path(of: $0) } ?? DemoModel.path()
        let most = batch.size ?? scheduling.mode?.running ?? Self.defaultBatch
        let session = try ModelSession(
            path: path, options: engine, scheduling: scheduling,
            batch: max(1, min(good.count, most)))
        let requests = good.map { prompt in
            GenerationRequest(
                prompt: prompt.tokens(session.tokenizer, parseSpecial: special),
                parameters: parameters)
        }
        let flag = StopFlag()
        let results = flag.watching(isLast: true) {
            session.llm.answer(requests, isCancelled: { flag.isRaised })
        }
        session.close()
        let failed = try report(lines, results, session)
        if flag.isRaised { throw ExitCode(130) }
        if failed { throw ExitCode(1) }
    }

    private func readPrompts() throws -> [Line] {
        if let prompt { return [(1, .success(PromptLine(.text(prompt))))] }
        if let prompt = rawIDs.flatMap({ PromptText(rawIDs: $0) }) {
            return [(1, .success(PromptLine(prompt)))]
        }
        return try prompts.map { try PromptLine.read($0) } ?? []
    }

    /// Writes all answers and what is wrong with the other lines.
    ///
    /// - Returns: whether there was anything wrong.
    private func report(
        _ lines: [Line], _ results: [Result<Completion, EngineError>], _ session: ModelSession
    ) throws -> Bool {
        var next = results.makeIterator()
        var failed = false
        for (index, line) in lines.enumerated() {
            let place = prompts.map { "\(Terminal.plain($0)):\(line.number): " } ?? ""
            do {
                let prompt = try line.prompt.get()
                guard let completion = try next.next()?.get() else { continue }
                if completion.finishReason == .length, completion.tokens.count < maxTokens {
                    Terminal.note(
                        "warning: \(place)the answer ends after \(completion.tokens.count) tokens "
                            + "of --max-tokens \(maxTokens): the context is full")
                }
                try write(completion, index: index, id: prompt.id, session)
            } catch let failure as PromptLine.Failure {
                Terminal.note("error: \(place)\(failure.message)")
                failed = true
            } catch let error as EngineError {
                Terminal.note("error: \(place)\(error)")
                failed = true
            }
        }
        return failed
    }

    private func write(
        _ completion: Completion, index: Int, id: PromptID?, _ session: ModelSession
    ) throws {
        switch output.format {
        case .text:
            StandardStreams.write(answer: completion.text + "\n")
        case .json:
            let report = GenerateReport(
                completion, index: index, id: id, loadSeconds: session.loadSeconds)
            StandardStreams.write(try JSONText.line(report) + "\n")
        }
    }
}
