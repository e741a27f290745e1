package import QuireEngine
package import QuireIdentifiers
import Tokenization

extension ChatRequest {
    /// What the engine is asked for.
    ///
    /// - Parameters:
    ///   - prompt: the tokens that the template made of the conversation.
    ///   - capsAnswer: whether an answer that is wanted longer than the context has room for is cut
    ///     there, as agents expect, who name the most that they could read; or else it is refused.
    /// - Throws: `RequestError`, for what does not suit the model.
    package func generation(
        for prompt: [TokenID], _ bounds: ModelBounds, capsAnswer: Bool = true
    ) throws(RequestError) -> GenerationRequest {
        do throws(EngineError) {
            try parameters.validate(
                vocabularySize: bounds.tokenizer.vocabularySize, maxLogprobs: bounds.maxLogprobs)
        } catch {
            throw RequestError(error, names: ["logprobs": "top_logprobs"])
        }
        let context = bounds.maxModelLength
        let room = context - prompt.count
        guard room > 0 else { throw .contextExceeded(context: context, prompt: prompt.count) }
        func refusal(_ name: String, _ value: Int) -> RequestError {
            .contextExceeded(context: context, prompt: prompt.count, answer: value, param: name)
        }
        guard parameters.minTokens <= room else {
            throw refusal("min_tokens", parameters.minTokens)
        }
        var parameters = parameters
        if let wanted = parameters.maxTokens, wanted > room {
            guard capsAnswer else { throw refusal("max_tokens", wanted) }
            parameters.maxTokens = room
        }
        var request = GenerationRequest(prompt: prompt, parameters: parameters)
        request.priority = priority
        request.cacheSalt = cacheSalt
        return request
    }
}
