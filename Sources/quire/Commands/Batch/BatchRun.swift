import Conversation
import Foundation
import KVCache
import QuireEngine

/// One run over a batch: from the first line without a result to the last.
///
/// Lines are read as the engine has room for them, and results are written as they come.
final class BatchRun {
    /// What the answers are made with and how they are called.
    struct Settings {
        /// The name of the model, in answers and ids.
        let model: String
        /// How the model is talked to; nil: it has no chat template.
        let chat: ChatModel?
        /// Whether the names of special tokens in prompts stand for them.
        let parseSpecial: Bool
        /// Log probabilities beside each token at most; -1: all.
        let maxLogprobs: Int
    }

    /// A line whose prompts are being answered.
    private struct OpenLine {
        let id: BatchID
        let customID: String
        let exchange: any Exchange
        /// Tokens that its prompts have and its answers may have.
        let work: BatchProgress.Work
        var answers: [[Completion]?]
        var missing: Int
        var failure: RequestError?
    }

    private let llm: LLM
    private let settings: Settings
    private let input: BatchInput
    private var lines: LineReader
    private var output: BatchOutput
    private var progress: BatchProgress
    private var open: [Int: OpenLine] = [:]
    /// The prompts of the line that was read last which the engine has not taken yet, last first.
    private var waiting: [(prompt: Int, request: GenerationRequest)] = []
    private var waitingLine = 0
    /// Which prompt of which line each request of the engine is.
    private var places: [Int: (line: Int, prompt: Int)] = [:]
    private var given = 0

    /// A run that answers what has no result in `output`.
    ///
    /// - Parameter total: requests of the input.
    init(
        _ llm: LLM, _ settings: Settings, input: BatchInput, output: BatchOutput, total: Int
    ) throws {
        self.llm = llm
        self.settings = settings
        self.input = input
        self.output = output
        lines = try input.open()
        progress = BatchProgress(total: total, finished: output.finished.count)
    }

    /// Answers.
    ///
    /// - Returns: requests that have a result now, and how many of these are errors.
    /// - Throws: when the input cannot be read any more or the output not be written.
    func run(
        inFlight: Int, isCancelled: () -> Bool
    ) throws -> (finished: Int, errors: Int) {
        defer { progress.clear() }
        try llm.feed(
            inFlight: inFlight, next: { () throws(any Error) in try self.next() },
            isCancelled: isCancelled, onStep: { self.progress.advance(tokens: $0) },
            onAnswer: { (index, result) throws(any Error) in try self.take(result, of: index) })
        try output.finish()
        return (progress.finished, output.errors)
    }

    private func next() throws -> GenerationRequest? {
        while waiting.isEmpty {
            guard let line = try input.next(&lines) else { return nil }
            if output.finished[line.number] == nil { try take(line) }
        }
        let (prompt, request) = waiting.removeLast()
        places[given] = (waitingLine, prompt)
        given += 1
        return request
    }

    /// Takes a line up, or writes what is wrong with it.
    private func take(_ line: LineReader.Line) throws {
        let id = BatchID(line, model: settings.model)
        do throws(BatchLine.Failure) {
            let (customID, exchange) = try self.exchange(for: line, id)
            let requests = exchange.generations
            waiting = Array(requests.enumerated().reversed().map { ($0.offset, $0.element) })
            waitingLine = line.number
            let work = BatchProgress.Work(requests, maxModelLength: bounds.maxModelLength)
            progress.begin(work)
            open[line.number] = OpenLine(
                id: id, customID: customID, exchange: exchange, work: work,
                answers: requests.map { _ in nil },
                missing: requests.count)
        } catch {
            try write(BatchResult.line(id, error), isError: true)
            progress.fail(nil)
        }
    }

    private func exchange(
        for line: LineReader.Line, _ id: BatchID
    ) throws(BatchLine.Failure) -> (String, any Exchange) {
        guard let bytes = line.bytes else {
            throw BatchLine.Failure(
                "line_too_long", "the line has more than \(LineReader.maxRequestBytes) bytes")
        }
        let read = try BatchLine(bytes) { !output.take($0, line: line.number) }
        let setting = ExchangeSetting(
            bounds: bounds, model: ModelNames(settings.model, isAny: true), suffix: id.suffix,
            created: Int(Date().timeIntervalSince1970), capsAnswer: false)
        do throws(RequestError) {
            return (read.customID, try read.exchange(setting))
        } catch {
            throw BatchLine.Failure(error, customID: read.customID)
        }
    }

    private var bounds: ModelBounds {
        ModelBounds(
            tokenizer: llm.tokenizer, maxModelLength: llm.layout.maxModelLength,
            maxLogprobs: settings.maxLogprobs, parseSpecial: settings.parseSpecial,
            chat: settings.chat)
    }

    /// Takes the answers to a prompt; with those to its line's last, writes the result.
    private func take(_ result: Result<[Completion], EngineError>, of index: Int) throws {
        guard let (number, prompt) = places.removeValue(forKey: index), var line = open[number]
        else { preconditionFailure("an answer to no prompt") }
        if case .failure(let error) = result, error.code == .executorFailed {
            // It says nothing of the request: a result would never be done again.
            throw BatchError("\(error.message). Run the same command again to go on")
        }
        line.missing -= 1
        switch result {
        case .success(let completions): line.answers[prompt] = completions
        case .failure(let error): line.failure = line.failure ?? RequestError(error)
        }
        open[number] = line.missing > 0 ? line : nil
        guard line.missing == 0 else { return }
        let customID = line.customID
        if let failure = line.failure {
            progress.fail(line.work)
            let failure = BatchLine.Failure(failure, customID: customID)
            return try write(BatchResult.line(line.id, failure), isError: true)
        }
        let completions = line.answers.map { $0 ?? [] }
        progress.finish(
            line.work, tokens: completions.joined().reduce(0) { $0 + $1.tokens.count })
        let answer = BatchResult.line(line.id, customID: customID, line.exchange, completions)
        try write(answer, isError: false)
    }

    private func write(_ line: [UInt8], isError: Bool) throws {
        try output.append(line, isError: isError)
    }
}
