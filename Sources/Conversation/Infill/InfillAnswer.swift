import QuireEngine
import QuireIdentifiers
import QuireJSON
import Scheduling
import Tokenization

/// The answer to a request to fill in a text, in one piece and in events, as llama-server has it.
struct InfillAnswer: Sendable {
    let request: InfillRequest
    let model: String
    let prompt: [TokenID]
    let tokenizer: Tokenizer
    private var tokensSoFar = 0

    init(
        _ request: InfillRequest, model: String, prompt: [TokenID], tokenizer: Tokenizer
    ) {
        self.request = request
        self.model = model
        self.prompt = prompt
        self.tokenizer = tokenizer
    }

    /// The event of a delta that is not the answer's last; nil where it brings nothing.
    mutating func event(_ delta: GenerationDelta) -> JSONValue? {
        tokensSoFar += delta.tokens.count
        guard !delta.text.isEmpty || !delta.tokens.isEmpty else { return nil }
        return piece(delta.text, delta.tokens)
    }

    /// An event that adds nothing, or a text.
    func piece(_ text: String = "", _ tokens: [TokenID] = []) -> JSONValue {
        [
            "index": 0, "content": .string(text), "tokens": Self.ids(tokens), "stop": false,
            "tokens_predicted": .integer(tokensSoFar), "tokens_evaluated": .integer(prompt.count),
        ]
    }

    /// The whole answer, or what is told of it after its last text.
    func end(_ completion: Completion, withText: Bool) -> JSONValue {
        let text = withText ? completion.text : ""
        let tokens = withText && request.returnsTokens ? completion.tokens : []
        let value: JSONValue = [
            "index": 0, "content": .string(text), "tokens": Self.ids(tokens), "stop": true,
            "model": .string(model), "tokens_predicted": .integer(completion.tokens.count),
            "tokens_evaluated": .integer(prompt.count),
            "tokens_cached": .integer(completion.timeline.cachedTokens),
            "prompt": .string(tokenizer.decode(prompt, skipSpecial: false)),
            "has_new_line": .bool(completion.text.contains(where: \.isNewline)),
            "truncated": false, "stop_type": .string(Self.stopType(completion)),
            "stopping_word": .string(completion.stopString ?? ""),
            "timings": Self.timings(completion),
        ]
        guard let fields = request.fields else { return value }
        // Each once: many names of one member would make a large answer of a small request.
        var told: Set<String> = []
        return .object(
            fields.compactMap { path in
                guard let value = Self.value(at: path, in: value) else { return nil }
                return told.insert(path).inserted ? JSONValue.Member(path, value) : nil
            })
    }

    /// The value of a path as `timings/prompt_n`.
    private static func value(at path: String, in value: JSONValue) -> JSONValue? {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .reduce(Optional(value)) { $0?[String($1)] }
    }

    private static func ids(_ tokens: [TokenID]) -> JSONValue {
        .array(tokens.map { .integer(Int($0.rawValue)) })
    }

    private static func stopType(_ completion: Completion) -> String {
        switch completion.finishReason {
        case .length: "limit"
        case .stop: completion.stopString == nil ? "eos" : "word"
        default: "none"
        }
    }

    private static func timings(_ completion: Completion) -> JSONValue {
        let cached = completion.timeline.cachedTokens
        let parts = [
            ("prompt", completion.promptTokens.count - cached, completion.timings.prefill),
            ("predicted", completion.tokens.count, completion.timings.decode),
        ]
        var members = [JSONValue.Member("cache_n", .integer(cached))]
        for (name, count, time) in parts {
            let milliseconds = time / .milliseconds(1)
            let perToken = count == 0 ? 0 : milliseconds / Double(count)
            members += [
                .init("\(name)_n", .integer(count)), .init("\(name)_ms", .number(milliseconds)),
                .init("\(name)_per_token_ms", .number(perToken)),
                .init("\(name)_per_second", .number(perToken == 0 ? 0 : 1_000 / perToken)),
            ]
        }
        return .object(members)
    }
}
