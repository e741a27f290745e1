import Conversation
import QuireJSON

/// What a route is to its clients, for the server's own description.
struct Operation: Sendable {
    /// What it is for, in a few words.
    let summary: String
    /// The body of a request; nil: there is none.
    let body: BodySchema?
    /// Parameters of the query, all of which may be left out.
    let query: [(name: String, schema: BodySchema)]
    /// The body of an answer; nil: it is text.
    let answer: BodySchema?
    /// The media type of an answer in pieces; nil: it comes whole.
    let stream: String?
    /// Why there may be no answer, beside what holds for all routes.
    let failures: [RequestError.Code]

    /// A route without a body.
    init(
        _ summary: String, answer: BodySchema?, failures: [RequestError.Code] = [],
        query: [(name: String, schema: BodySchema)] = []
    ) {
        self.summary = summary
        self.query = query
        self.answer = answer
        self.failures = failures
        body = nil
        stream = nil
    }

    /// A route with one.
    init(
        _ summary: String, body: BodySchema, answer: BodySchema, stream: String? = nil,
        failures: [RequestError.Code]
    ) {
        self.summary = summary
        self.body = body
        self.answer = answer
        self.stream = stream
        self.failures = failures + [.invalidRequest, .bodyTooLarge, .unsupportedBody]
        query = []
    }
}

extension [RequestError.Code] {
    /// Of routes that need the model.
    static let ofModel: [RequestError.Code] = [.loading, .stopping]

    /// Of routes whose requests may name another model.
    static let ofNamedModel: [RequestError.Code] = ofModel + [.notFound]

    /// Of routes whose requests the engine answers.
    static let ofExchange: [RequestError.Code] =
        ofNamedModel + [
            .contextExceeded, .modelFailed, .busy, .insufficientCache, .timedOut, .cancelled,
        ]
}
