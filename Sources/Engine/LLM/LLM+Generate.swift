public import QuireIdentifiers
import Scheduling
import Tokenization

extension LLM {
    /// Answers prompts, several at once.
    ///
    /// - Parameters:
    ///   - prompts: tokens to start from, fed exactly as they are.
    ///   - parameters: the same for all.
    ///   - onDelta: called with every token as it comes; returning false ends that request with
    ///     `.cancelled`.
    /// - Returns: the completions of the first prompt, `parameters.n` of them, then those of the
    ///   next.
    /// - Throws: the first `EngineError` of any; the others are answered nevertheless.
    public func generate(
        _ prompts: [[TokenID]], _ parameters: SamplingParameters,
        onDelta: (GenerationDelta) -> Bool = { _ in true }
    ) throws(EngineError) -> [Completion] {
        let requests = prompts.map { GenerationRequest(prompt: $0, parameters: parameters) }
        var completions: [Completion] = []
        for result in answers(requests, onDelta: onDelta) {
            completions += try result.get()
        }
        return completions
    }

    /// Answers texts, several at once, each continued as it is.
    ///
    /// - Parameters:
    ///   - prompts: texts; the beginning that the model wants is put before each, and the names of
    ///     special tokens in them are text.
    ///   - parameters: the same for all.
    ///   - onDelta: called with every token as it comes; returning false ends that request with
    ///     `.cancelled`.
    /// - Returns: as for prompts of tokens.
    /// - Throws: as for prompts of tokens.
    public func generate(
        _ prompts: [String], _ parameters: SamplingParameters = SamplingParameters(),
        onDelta: (GenerationDelta) -> Bool = { _ in true }
    ) throws(EngineError) -> [Completion] {
        try generate(prompts.map { tokenizer.encodePrompt($0) }, parameters, onDelta: onDelta)
    }

    /// Answers requests, several at once; what is wrong with one is that one's error alone.
    ///
    /// - Parameters:
    ///   - requests: prompts, each with its own parameters.
    ///   - isCancelled: asked before every step; answering true ends all requests with
    ///     `.cancelled`, also in the midst of a long prompt.
    ///   - onDelta: called with every token as it comes; returning false ends that request.
    /// - Returns: the first completion of each request, or its error, in their order.
    public func answer(
        _ requests: [GenerationRequest], isCancelled: () -> Bool = { false },
        onDelta: (GenerationDelta) -> Bool = { _ in true }
    ) -> [Result<Completion, EngineError>] {
        answers(requests, isCancelled: isCancelled, onDelta: onDelta).map { result in
            result.map { $0[0] }
        }
    }

    /// Answers requests with all the completions that they ask for.
    ///
    /// - Parameters:
    ///   - requests: prompts, each with its own parameters.
    ///   - isCancelled: asked before every step; answering true ends all requests with
    ///     `.cancelled`, also in the midst of a long prompt.
    ///   - onDelta: called with every token as it comes; returning false ends that request.
    /// - Returns: for each request its completions in the order of their choices, or its error.
    public func answers(
        _ requests: [GenerationRequest], isCancelled: () -> Bool = { false },
        onDelta: (GenerationDelta) -> Bool = { _ in true }
    ) -> [Result<[Completion], EngineError>] {
        var results: [Result<[Completion], EngineError>?] = requests.map { _ in nil }
        var jobs: [any Job] = []
        for (index, request) in requests.enumerated() {
            do throws(EngineError) {
                jobs.append(try begin(request, index: index))
            } catch {
                results[index] = .failure(error)
            }
        }
        func cancelIfAsked() -> Bool {
            if !core.isIdle, isCancelled() { for job in jobs { core.cancel(job) } }
            return true
        }
        core.run(prepare: cancelIfAsked) { job in
            for delta in job.takeDeltas() where !onDelta(delta) {
                core.cancel(job)
                // The caller has stopped listening: the last deltas are dropped.
                _ = job.takeDeltas()
                break
            }
        }
        for job in jobs { results[Int(job.request.rawValue)] = job.result }
        return results.map { result in
            guard let result else { preconditionFailure("a request has no result") }
            return result
        }
    }
}
