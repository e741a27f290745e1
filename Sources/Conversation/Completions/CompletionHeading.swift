import QuireEngine
import QuireIdentifiers
import QuireJSON

/// What all answers and events of a request say first.
package struct CompletionHeading: Hashable, Sendable {
    /// The answer's name.
    package let id: String
    /// Seconds since 1970.
    package let created: Int
    /// The name of the model.
    package let model: String

    /// A heading.
    package init(id: String, created: Int, model: String) {
        self.id = id
        self.created = created
        self.model = model
    }

    /// Writes its members into an object that has begun.
    ///
    /// - Parameter object: the kind of answer or event.
    func write(_ object: String = "text_completion", to out: inout JSONWriter) {
        out.key("id")
        out.string(id)
        out.key("object")
        out.string(object)
        out.key("created")
        out.integer(created)
        out.key("model")
        out.string(model)
        out.key("system_fingerprint")
        out.string(SystemFingerprint.text)
    }
}

/// What a request has used, in tokens.
struct CompletionUsage {
    private var prompt = 0
    private var answer = 0
    private var cached: Int? = 0
    private var miss: PrefixMiss?

    /// What one answer has used so far: what came from the cache is told at its end.
    init(prompt: Int, answer: Int) {
        self.prompt = prompt
        self.answer = answer
        cached = nil
    }

    /// The usage of requests by their answers: a prompt counts once, however many answers it has.
    init(_ completions: [[Completion]]) {
        for answers in completions {
            prompt += answers.first?.promptTokens.count ?? 0
            cached = (cached ?? 0) + (answers.first?.timeline.cachedTokens ?? 0)
            // Of several prompts each has its own; the one of the first tells nothing of them.
            miss = completions.count == 1 ? answers.first?.timeline.prefixMiss : nil
            answer += answers.reduce(0) { $0 + $1.tokens.count }
        }
    }

    func write(to out: inout JSONWriter) {
        out.beginObject()
        out.key("prompt_tokens")
        out.integer(prompt)
        out.key("completion_tokens")
        out.integer(answer)
        out.key("total_tokens")
        out.integer(prompt + answer)
        if let cached {
            out.key("prompt_tokens_details")
            out.beginObject()
            out.key("cached_tokens")
            out.integer(cached)
            miss.write(to: &out)
            out.endObject()
        }
        out.endObject()
    }
}

extension Completion.StopReason? {
    /// Writes it as the interface has it: a token's id, a text, or `null`.
    func write(to out: inout JSONWriter) {
        switch self {
        case nil: out.null()
        case .token(let token): out.integer(token.rawValue)
        case .string(let text): out.string(text)
        case .repetition: out.string("repetition_detected")
        }
    }
}
