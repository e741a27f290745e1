import ChatTemplates
import QuireEngine
import QuireIdentifiers
import Tokenization

/// A conversation on its way through the engine: what the exchanges of all chat dialects share.
struct ChatTurn: Sendable {
    let request: ChatRequest
    let prompt: ChatPrompt
    let generation: GenerationRequest
    let tokenizer: Tokenizer
    private let model: ChatModel?
    private var readers: [AnswerReader]

    /// Makes the prompt.
    ///
    /// - Throws: `RequestError`, for what does not suit the model, or its template.
    init(_ request: ChatRequest, _ setting: ExchangeSetting) throws(RequestError) {
        try setting.model.check(request.model)
        guard let model = setting.bounds.chat else { throw .noTemplate(setting.model) }
        var request = request
        var made = try Self.make(request, model, setting)
        while made.error != nil, request.dropsOldestMessages,
            let shorter = request.messages.withoutOldestTurn
        {
            request.messages = shorter
            made = try Self.make(request, model, setting)
        }
        if let error = made.error { throw error }
        guard let generation = made.generation else { preconditionFailure("neither made nor not") }
        if made.ignoresBudget { request.ignored.append(request.reasoning.budgetName) }
        self.request = request
        self.model = model
        self.generation = generation
        prompt = made.prompt
        tokenizer = setting.bounds.tokenizer
        readers = Self.readers(model, request, prompt)
    }

    /// A prompt that is continued as it is: the text of the only message, its special tokens named.
    init(raw request: ChatRequest, _ setting: ExchangeSetting) throws(RequestError) {
        try setting.model.check(request.model)
        let tokenizer = setting.bounds.tokenizer
        let prompt = ChatPrompt(raw: request.messages.map(\.text).joined(), tokenizer: tokenizer)
        self.request = request
        self.prompt = prompt
        self.tokenizer = tokenizer
        model = nil
        generation = try request.generation(for: prompt.tokens, setting.bounds)
        readers = Self.readers(nil, request, prompt)
    }

    /// A prompt, and what the engine is asked for or why the prompt is too long.
    private struct Made {
        let prompt: ChatPrompt
        var generation: GenerationRequest?
        var error: RequestError?
        var ignoresBudget = false
    }

    private static func make(
        _ request: ChatRequest, _ model: ChatModel, _ setting: ExchangeSetting
    ) throws(RequestError) -> Made {
        let prompt = try model.prompt(of: request, now: setting.now).shortened(
            request.truncation, context: setting.bounds.maxModelLength,
            answer: request.parameters.maxTokens)
        var asked = request
        asked.parameters = model.parameters(of: request)
        do throws(RequestError) {
            var generation = try asked.generation(
                for: prompt.tokens, setting.bounds, capsAnswer: setting.capsAnswer)
            let budget = try Self.budget(of: request, model, after: prompt)
            generation.constraint = budget
            return Made(
                prompt: prompt, generation: generation,
                ignoresBudget: budget == nil && request.reasoning.budget != nil)
        } catch {
            guard error.code == .contextExceeded else { throw error }
            return Made(prompt: prompt, error: error)
        }
    }

    /// What ends the thoughts of the answer.
    private static func budget(
        of request: ChatRequest, _ model: ChatModel, after prompt: ChatPrompt
    ) throws(RequestError) -> ThinkingBudget? {
        guard let tokens = request.reasoning.budget else { return nil }
        let name = request.reasoning.budgetName
        let budget = model.thinkingBudget(tokens, for: request, after: prompt)
        if let budget, let allowed = request.parameters.allowedTokens,
            !Set(budget.end).isSubset(of: allowed)
        {
            throw RequestError(
                "`\(name)` needs the tokens that end thoughts, which `allowed_token_ids` leaves "
                    + "out", param: name)
        }
        guard budget == nil, request.reasoning.requiresBudget else { return budget }
        throw RequestError(
            "`\(name)` is not possible: the model's chat template does not say how thoughts end; "
                + "leave it out, `max_tokens` bounds thoughts and answer together", param: name)
    }

    private static func readers(
        _ model: ChatModel?, _ request: ChatRequest, _ prompt: ChatPrompt
    ) -> [AnswerReader] {
        (0..<request.parameters.n).map { _ in AnswerReader(model, request, prompt) }
    }

    /// The events of a delta, which are of the choice that it belongs to.
    mutating func events(of delta: GenerationDelta) -> [AnswerEvent] {
        readers[delta.choice].read(delta)
    }

    /// What answers add up to that were generated as a whole.
    func answers(_ completions: [Completion]) -> [ChatAnswer] {
        var readers = Self.readers(model, request, prompt)
        return completions.map { completion in
            let delta = GenerationDelta(whole: completion, index: 0)
            return readers[completion.choice].read(delta)
                .reduce(into: ChatAnswer()) { $0.append($1) }
        }
    }

    /// What is told of an answer that cannot go on.
    func failure(_ error: RequestError) -> AnswerEvent { readers[0].failure(error) }
}
