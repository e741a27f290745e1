public import Identifiers
import Scheduling

extension LLM {
    /// Answers prompts, several at once.
    ///
    /// - Parameters:
    ///   - prompts: tokens to start from, fed exactly as they are.
    ///   - parameters: the same for all.
    ///   - onDelta: told of every token as it comes; answering false ends that request with
    ///     `.cancelled`.
    /// - Returns: a completion for each prompt, in their order.
    /// - Throws: the first `EngineError` of any; the others are answered nevertheless.
    public func generate(
        _ prompts: [[TokenID]], _ parameters: SamplingParameters,
        onDelta: (GenerationDelta) -> Bool = { _ in true }
    ) throws(EngineError) -> [Completion] {
        let requests = prompts.map { GenerationRequest(prompt: $0, parameters: parameters) }
        var completions: [Completion] = []
        for result in answer(requests, onDelta: onDelta) {
            completions.append(try result.get())
        }
        return completions
    }

    /// Answers requests, several at once; what is wrong with one is that one's error alone.
    ///
    /// - Parameters:
    ///   - requests: prompts, each with its own parameters.
    ///   - isCancelled: asked before every step; answering true ends all requests with
    ///     `.cancelled`, also in the midst of a long prompt.
    ///   - onDelta: told of every token as it comes; answering false ends that request.
    /// - Returns: a completion or an error for each request, in their order.
    public func answer(
        _ requests: [GenerationRequest], isCancelled: () -> Bool = { false },
        onDelta: (GenerationDelta) -> Bool = { _ in true }
    ) -> [Result<Completion, EngineError>] {
        var batch = Batch(count: requests.count)
        for (index, request) in requests.enumerated() {
            do throws(EngineError) {
                // Whoever calls may see the whole row; a server has a bound of its own.
                try request.parameters.validate(
                    vocabularySize: executor.vocabularySize, maxLogprobs: -1)
                let generation = try Generation(
                    index: index, request, tokenizer: tokenizer, now: now)
                let id = try submit(
                    request.prompt, maxTokens: request.parameters.maxTokens ?? .max)
                batch.active[id] = generation
            } catch {
                batch.results[index] = .failure(error)
            }
        }
        while !batch.active.isEmpty {
            if isCancelled() {
                cancelAll(&batch, onDelta)
            } else {
                advance(&batch, onDelta)
            }
        }
        return batch.results.map { result in
            guard let result else { preconditionFailure("a request has no result") }
            return result
        }
    }
}

extension LLM {
    /// The requests of one call and what came of them.
    private struct Batch {
        var active: [RequestID: Generation] = [:]
        var errors: [RequestID: EngineError] = [:]
        var results: [Result<Completion, EngineError>?]

        init(count: Int) {
            results = Array(repeating: nil, count: count)
        }
    }

    /// One step for all, and what it means for each.
    private func advance(_ batch: inout Batch, _ onDelta: (GenerationDelta) -> Bool) {
        var deltas: [(id: RequestID, delta: GenerationDelta)] = []
        let (actions, failure) = step { row in
            visit(row, &batch, &deltas)
        }
        var ended: [RequestID: FinishReason] = [:]
        for case .finished(let id, let reason) in actions {
            ended[id] = reason
            if let failure { batch.errors[id] = failure }
        }
        for (id, var delta) in deltas {
            delta.finishReason = ended[id]
            if delta.finishReason != nil { delta.text += batch.active[id]?.flush() ?? "" }
            if !onDelta(delta), ended[id] == nil {
                _ = scheduler.cancel(id)
                ended[id] = .cancelled
            }
        }
        for (id, reason) in ended { settle(id, reason, &batch) }
    }

    /// Samples for a row of the step.
    private func visit(
        _ row: StepPlan.Row, _ batch: inout Batch,
        _ deltas: inout [(id: RequestID, delta: GenerationDelta)]
    ) -> RowOutcome {
        if batch.active[row.request]?.started == nil {
            batch.active[row.request]?.started = stepStarted
        }
        guard row.outputLength > 0 else { return .advanced }
        // The span borrows from what it is asked of, which must be a variable of this scope.
        let executor = executor
        do throws(EngineError) {
            let logits = executor.logits(row.outputStart)
            guard let token = try batch.active[row.request]?.sample(logits, with: &sampler),
                let delta = batch.active[row.request]?.accept(token)
            else { return .finished(.cancelled) }
            if batch.active[row.request]?.firstToken == nil {
                batch.active[row.request]?.firstToken = now
            }
            deltas.append((row.request, delta))
            return delta.finishReason.map { .finished($0) } ?? .sampled(token)
        } catch {
            batch.errors[row.request] = error
            return .finished(.failed)
        }
    }

    private func settle(_ id: RequestID, _ reason: FinishReason, _ batch: inout Batch) {
        guard let generation = batch.active.removeValue(forKey: id) else { return }
        batch.results[generation.index] =
            batch.errors[id].map { .failure($0) }
            ?? .success(generation.completion(reason, now: now))
    }

    private func cancelAll(_ batch: inout Batch, _ onDelta: (GenerationDelta) -> Bool) {
        for id in batch.active.keys.sorted() {
            _ = scheduler.cancel(id)
            if var generation = batch.active[id] {
                let rest = generation.flush()
                batch.active[id] = generation
                _ = onDelta(
                    GenerationDelta(
                        index: generation.index, text: rest, token: nil, finishReason: .cancelled))
            }
            settle(id, .cancelled, &batch)
        }
    }
}
