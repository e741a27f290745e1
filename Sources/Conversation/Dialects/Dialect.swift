import ChatTemplates
package import QuireEngine
package import QuireJSON

/// One of the interfaces that clients speak: how a kind of request is read, and how its answer is
/// written down. Pure: it knows nothing of HTTP, and whoever does knows nothing of its JSON.
///
/// ```
/// body -> exchange(for:) -> generations -> the engine -> deltas -> write(_:of:to:) -> events
/// ```
package protocol Dialect: Sendable {
    /// How its events are framed.
    var framing: EventFraming { get }

    /// What it reads and writes.
    var schemas: DialectSchemas { get }

    /// The body of a refusal.
    var refusal: BodySchema { get }

    /// Reads a request.
    ///
    /// - Throws: `RequestError`, for what is wrong with it.
    func exchange(
        for body: JSONValue, _ setting: ExchangeSetting
    ) throws(RequestError) -> any Exchange

    /// Writes the body of a refusal.
    func write(_ error: RequestError, to out: inout JSONWriter)
}

extension Dialect {
    /// OpenAI's shape, which most have.
    package var refusal: BodySchema { .openAIError }

    /// OpenAI's shape, which most have.
    package func write(_ error: RequestError, to out: inout JSONWriter) { error.write(to: &out) }
}

/// A request that was read, and how its answer is written. A value: what has been written of a
/// stream is its state.
package protocol Exchange: Sendable {
    /// What the engine is asked for: at least one, in the order of the request's prompts.
    var generations: [GenerationRequest] { get }

    /// Whether the answer is wanted as it comes.
    var isStreamed: Bool { get }

    /// Members of the body that are unknown and were passed over, by name.
    var ignored: [String] { get }

    /// The answer's name, by which it is found while it is made.
    var id: String { get }

    /// Writes the whole answer.
    ///
    /// - Parameter completions: for each of `generations` its answers.
    func write(_ completions: [[Completion]], to out: inout JSONWriter)

    /// Writes what comes before the first delta.
    mutating func begin(_ out: inout EventWriter)

    /// Writes what a delta brings.
    ///
    /// - Parameter index: which of `generations` it belongs to.
    mutating func write(_ delta: GenerationDelta, of index: Int, to out: inout EventWriter)

    /// Writes an event that says nothing but that the server is at work: clients give up on streams
    /// that are silent for minutes, and comments do not count as data to all of them.
    mutating func wait(_ out: inout EventWriter)

    /// Writes what comes after the last delta.
    mutating func end(_ out: inout EventWriter)

    /// Writes that the answer cannot go on, and the end of the stream.
    mutating func fail(_ error: RequestError, _ out: inout EventWriter)
}

/// What an exchange is held in: the model that answers, and what the answer is called.
package struct ExchangeSetting: Sendable {
    /// What the request must suit.
    package let bounds: ModelBounds
    /// The names that the model answers to.
    package let model: ModelNames
    /// What tells this answer from others, to be put behind the dialect's own prefix.
    package let suffix: String
    /// Seconds since 1970.
    package let created: Int

    /// Whether an answer to a conversation that is wanted longer than the context has room for is
    /// cut there, as agents expect, who name the most that they could read; or else it is refused.
    package let capsAnswer: Bool

    /// A setting.
    package init(
        bounds: ModelBounds, model: ModelNames, suffix: String, created: Int,
        capsAnswer: Bool = true
    ) {
        self.capsAnswer = capsAnswer
        self.bounds = bounds
        self.model = model
        self.suffix = suffix
        self.created = created
    }
}

extension ExchangeSetting {
    /// What a chat template takes for the time.
    var now: TemplateDate { TemplateDate(secondsSince1970: created) }

    /// The prompt that a conversation is.
    ///
    /// - Throws: `RequestError`, when the model's template refuses it, there is none, or another
    ///   model is meant.
    package func prompt(of request: ChatRequest) throws(RequestError) -> ChatPrompt {
        try model.check(request.model)
        guard let chat = bounds.chat else { throw .noTemplate(model) }
        return try chat.prompt(of: request, now: now)
    }
}

extension RequestError {
    static func noTemplate(_ model: ModelNames) -> RequestError {
        RequestError(
            "the model `\(model.served.inMessage)` has no chat template; send the whole prompt to "
                + "/v1/completions, or start the server with --chat-template")
    }
}

/// The names that a model answers to.
package struct ModelNames: Hashable, Sendable {
    /// The one that answers bear.
    package let served: String
    /// Others that are as good.
    package let others: Set<String>

    /// Whether every name means the model: who asks has chosen it already.
    package let isAny: Bool

    /// Names.
    package init(_ served: String, others: Set<String> = [], isAny: Bool = false) {
        self.served = served
        self.others = others
        self.isAny = isAny
    }

    /// Whether it is one of them.
    package func contains(_ name: String) -> Bool {
        isAny || name == served || others.contains(name)
    }

    /// Refuses the name of another model; a request that names none means the one there is.
    package func check(_ name: String?) throws(RequestError) {
        guard let name, !contains(name) else { return }
        throw RequestError(
            "the model `\(name.inMessage)` does not exist; this server has `\(served.inMessage)`",
            param: "model", code: .notFound)
    }
}
