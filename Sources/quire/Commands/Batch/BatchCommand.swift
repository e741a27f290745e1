import ArgumentParser
import Foundation
import Scheduling

struct BatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "Answer a file of requests in the OpenAI batch format.",
        discussion: """
            quire batch --model gemma-3-270m --input requests.jsonl --output results.jsonl

            A line of the input: {"custom_id": "a", "method": "POST", "url": "/v1/completions", \
            "body": {"prompt": "The capital of France is", "max_tokens": 8}}

            Results are written as they come. Run the same command again after an interruption, \
            a crash or a full disk: what has a result is not done again. What is wrong with a \
            line becomes its result, and the others go on.

            Exit codes: 0 when every request has an answer, 1 when some results are errors or the \
            batch cannot be run to its end, 130 after Ctrl-C.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp("An installed model, or the path of a file.", valueName: "model"),
        completion: ModelCompletion.models)
    var model: String

    @Option(
        name: .long, help: ArgumentHelp("Requests, one a line.", valueName: "file"),
        completion: .file())
    var input: String

    @Option(
        name: .long,
        help: ArgumentHelp("Results, one a line; those that are there stay.", valueName: "file"),
        completion: .file())
    var output: String

    @OptionGroup var requests: RequestOptions

    @OptionGroup var template: TemplateOptions

    @OptionGroup var batch: BatchOptions

    @OptionGroup var engine: EngineOptions

    @OptionGroup var scheduling: SchedulingOptions

    /// Requests that run at once, unless `--batch` says otherwise.
    private static let defaultBatch = 32

    func validate() throws {
        let files = [input, output].map { URL(fileURLWithPath: $0).standardizedFileURL }
        guard files[0] != files[1] else {
            throw ValidationError("--input and --output are the same file.")
        }
    }

    func run() async throws {
        let path = try ModelChoice.path(of: model)
        let name = model.contains("/") ? URL(fileURLWithPath: model).lastPathComponent : model
        let source = BatchInput(path: input)
        // An input that cannot be read leaves no output behind.
        _ = try source.open()
        let results = try BatchOutput(path: output)
        let total = try source.check(against: results.finished, model: name)
        let before = results.finished.count
        if before > 0 { Terminal.note("\(before) of \(total) requests have a result already") }
        guard before < total else { return try finish(total, of: total, errors: results.errors) }

        let batch = batch.size ?? scheduling.mode?.running ?? Self.defaultBatch
        let session = try ModelSession(
            path: path, options: engine, scheduling: scheduling, batch: batch)
        defer { session.close() }
        let run = try BatchRun(
            session.llm,
            .init(
                model: name, chat: try template.model(session.loaded),
                parseSpecial: requests.special, maxLogprobs: requests.maxLogprobs),
            input: source, output: results, total: total)
        let flag = StopFlag()
        // As many again wait, so that a step has no gap where a request ends.
        let (finished, errors) = try flag.watching(isLast: true) {
            try run.run(inFlight: 2 * batch, isCancelled: { flag.isRaised })
        }
        guard finished >= total || flag.isRaised else {
            throw BatchError("\(input) has become shorter since it was looked at")
        }
        try finish(finished, of: total, errors: errors)
    }

    private func finish(_ finished: Int, of total: Int, errors: Int) throws {
        var summary = "\(finished) of \(total) requests have a result in \(output)"
        if errors > 0 { summary += ", \(errors) of them an error" }
        if finished < total { summary += "; run the same command again to go on" }
        Terminal.note(summary)
        if finished < total { throw ExitCode(130) }
        if errors > 0 { throw ExitCode(1) }
    }
}
