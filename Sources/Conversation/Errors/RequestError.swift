/// Why a request is not answered, before any dialect says it in its own words.
package struct RequestError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of refusal or failure; `status` is the table of what is said of each.
    package struct Code: Hashable, Sendable {
        private enum Kind: CaseIterable {
            case invalidRequest
            case contextExceeded
            case notFound
            case modelFailed
            case notSupported
            case busy
            case stopping
            case insufficientCache
            case unauthorized
            case forbidden
            case methodNotAllowed
            case bodyTooLarge
            case unsupportedBody
            case loading
            case timedOut
            case cancelled
            case conflict
        }

        private let kind: Kind

        /// A parameter is missing, unknown, of a wrong type or out of its range.
        package static let invalidRequest = Code(kind: .invalidRequest)

        /// The prompt and the wanted tokens are longer than the context.
        package static let contextExceeded = Code(kind: .contextExceeded)

        /// What the request names is not there: a route, a model, a cached prefix.
        package static let notFound = Code(kind: .notFound)

        /// The model could not be run, or returned NaN.
        package static let modelFailed = Code(kind: .modelFailed)

        /// In OpenAI's interface but not implemented.
        package static let notSupported = Code(kind: .notSupported)

        /// The queue is full.
        package static let busy = Code(kind: .busy)

        /// The engine is shutting down.
        package static let stopping = Code(kind: .stopping)

        /// The request takes more of the KV cache than there is.
        package static let insufficientCache = Code(kind: .insufficientCache)

        /// The client has not shown a key.
        package static let unauthorized = Code(kind: .unauthorized)

        /// The sender may not, whatever the key: a page of another site, a foreign host name.
        package static let forbidden = Code(kind: .forbidden)

        /// The route has other methods.
        package static let methodNotAllowed = Code(kind: .methodNotAllowed)

        /// The body has more bytes than may be.
        package static let bodyTooLarge = Code(kind: .bodyTooLarge)

        /// The body is no JSON by its headers, or is compressed.
        package static let unsupportedBody = Code(kind: .unsupportedBody)

        /// The model is not loaded yet.
        package static let loading = Code(kind: .loading)

        /// The answer took longer than it may.
        package static let timedOut = Code(kind: .timedOut)

        /// Somebody other than its client ended it.
        package static let cancelled = Code(kind: .cancelled)

        /// It cannot be done while other requests run.
        package static let conflict = Code(kind: .conflict)

        /// All codes.
        package static var all: [Code] { Kind.allCases.map { Code(kind: $0) } }
    }

    /// The kind of refusal or failure.
    package let code: Code

    /// The parameter that it concerns.
    package let param: String?

    /// What is wrong and what would be right.
    package let message: String

    /// By how much a prompt is too long, where that is what is wrong.
    package let overflow: ContextOverflow?

    /// The message.
    package var description: String { message }

    /// A refusal with its message; `param` is the parameter at fault.
    package init(
        _ message: String, param: String? = nil, code: Code = .invalidRequest,
        overflow: ContextOverflow? = nil
    ) {
        self.code = code
        self.param = param
        self.message = message
        self.overflow = overflow
    }
}

/// The numbers of a prompt that is too long, which each dialect says in words of its own: agents
/// read them, and shorten their history.
package struct ContextOverflow: Hashable, Sendable {
    /// Tokens of the prompt.
    package let promptTokens: Int

    /// Tokens that the context has.
    package let contextTokens: Int

    /// The numbers.
    package init(promptTokens: Int, contextTokens: Int) {
        self.promptTokens = promptTokens
        self.contextTokens = contextTokens
    }
}

/// What interfaces say of a kind of error.
package struct ErrorStatus: Hashable, Sendable {
    /// The status of HTTP.
    package let http: Int

    /// The error's type in the body of an answer, as OpenAI-compatible servers name it.
    package let type: String

    /// Machine-readable error code in the results of a batch, such as `context_length_exceeded`.
    package let word: String

    /// `Retry-After`: seconds until it is worth asking again; nil where the request as it is will
    /// never be answered.
    package let retryAfter: Int?

    fileprivate init(_ http: Int, _ type: String, _ word: String, retryAfter: Int? = nil) {
        self.http = http
        self.type = type
        self.word = word
        self.retryAfter = retryAfter
    }
}

extension RequestError.Code {
    /// The one table from kinds of errors to what is said of them; the batch and the server read it
    /// here.
    package var status: ErrorStatus {
        switch kind {
        case .invalidRequest: ErrorStatus(400, "BadRequestError", "invalid_request")
        case .contextExceeded: ErrorStatus(400, "BadRequestError", "context_length_exceeded")
        case .notFound: ErrorStatus(404, "NotFoundError", "not_found")
        case .modelFailed: ErrorStatus(500, "InternalServerError", "server_error")
        case .notSupported: ErrorStatus(501, "NotImplementedError", "not_implemented")
        case .busy:
            ErrorStatus(503, "ServiceUnavailableError", "busy", retryAfter: 1)
        case .stopping:
            // Long enough for another process to take over.
            ErrorStatus(503, "ServiceUnavailableError", "shutting_down", retryAfter: 10)
        case .insufficientCache:
            ErrorStatus(507, "InsufficientStorageError", "insufficient_cache")
        case .unauthorized: ErrorStatus(401, "AuthenticationError", "unauthorized")
        case .forbidden: ErrorStatus(403, "PermissionDeniedError", "forbidden")
        case .methodNotAllowed:
            ErrorStatus(405, "MethodNotAllowedError", "method_not_allowed")
        case .bodyTooLarge: ErrorStatus(413, "RequestEntityTooLargeError", "body_too_large")
        case .unsupportedBody:
            ErrorStatus(415, "UnsupportedMediaTypeError", "unsupported_body")
        case .loading: ErrorStatus(503, "ServiceUnavailableError", "loading", retryAfter: 2)
        // None of those after which clients ask again by themselves.
        case .cancelled: ErrorStatus(499, "RequestCancelledError", "cancelled")
        case .conflict: ErrorStatus(409, "ConflictError", "conflict")
        case .timedOut: ErrorStatus(504, "GatewayTimeoutError", "timed_out")
        }
    }
}
