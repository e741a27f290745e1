package import QuireEngine
import QuireJSON

/// What all objects of an answer in Ollama's interface say first.
package struct OllamaHeading: Hashable, Sendable {
    /// The name of the model, as the request has it.
    package let model: String
    /// Seconds since 1970.
    package let created: Int

    /// A heading.
    package init(model: String, created: Int) {
        self.model = model
        self.created = created
    }

    /// Writes its members into an object that has begun.
    func write(to out: inout JSONWriter) {
        out.key("model")
        out.string(model)
        out.key("created_at")
        out.string(Timestamp.text(seconds: created))
    }
}

/// Where the time of an answer went.
package struct OllamaDurations: Hashable, Sendable {
    /// From the request's arrival to the end of its answer.
    package var total: Duration
    /// Of that, the time until the model was there.
    package var load: Duration
    /// Of that, the time until the first token.
    package var prompt: Duration
    /// Of that, the time after the first token.
    package var answer: Duration

    /// Durations; zero where nothing was measured.
    package init(
        total: Duration = .zero, load: Duration = .zero, prompt: Duration = .zero,
        answer: Duration = .zero
    ) {
        self.total = total
        self.load = load
        self.prompt = prompt
        self.answer = answer
    }

    /// The durations of a request to a model that is there.
    package init(_ timings: Completion.Timings) {
        self.init(
            total: timings.queued + timings.prefill + timings.decode, prompt: timings.prefill,
            answer: timings.decode)
    }

    /// Writes them and the tokens, into an object that has begun.
    func write(_ usage: AnswerUsage, to out: inout JSONWriter) {
        let fields: [(String, Int)] = [
            ("total_duration", Self.nanoseconds(total)), ("load_duration", Self.nanoseconds(load)),
            ("prompt_eval_count", usage.promptTokens),
            ("prompt_eval_duration", Self.nanoseconds(prompt)),
            ("eval_count", usage.answerTokens), ("eval_duration", Self.nanoseconds(answer)),
        ]
        for (name, value) in fields {
            out.key(name)
            out.integer(value)
        }
    }

    /// Whole nanoseconds, as many as 64 bits hold.
    private static func nanoseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflows else { return seconds < 0 ? .min : .max }
        return Int(product) + Int(attoseconds / 1_000_000_000)
    }
}
