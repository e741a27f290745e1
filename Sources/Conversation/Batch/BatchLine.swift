import QuireJSON

/// A line of a batch's input that can be answered.
package struct BatchLine: Sendable {
    /// The line's `custom_id`.
    package let customID: String

    /// The request in its `body`.
    package let request: Request

    /// What a line may ask for.
    package enum Request: Sendable {
        /// Texts to be continued.
        case completion(CompletionRequest)
        /// A conversation to be continued.
        case chat(ChatRequest)
    }

    /// What becomes of the request in a setting.
    ///
    /// - Throws: `RequestError`, for what does not suit the model.
    package func exchange(_ setting: ExchangeSetting) throws(RequestError) -> any Exchange {
        switch request {
        case .completion(let request): try CompletionExchange(request, setting)
        case .chat(let request):
            ChatCompletionExchange(try ChatTurn(request, setting), setting)
        }
    }

    /// What is wrong with a line.
    package struct Failure: Error, Sendable {
        /// The line's `custom_id`, if that much can be told.
        package let customID: String?
        /// Machine-readable error code, such as `invalid_json_line`.
        package let code: String
        /// What is wrong.
        package let message: String
        /// What is wrong with the request; nil where the line itself is at fault.
        package let error: RequestError?

        /// A line that is itself at fault.
        package init(_ code: String, _ message: String, customID: String? = nil) {
            self.customID = customID
            self.code = code
            self.message = message
            error = nil
        }

        /// A line whose request is not answered.
        package init(_ error: RequestError, customID: String) {
            self.customID = customID
            code = error.code.status.word
            message = error.message
            self.error = error
        }
    }

    /// Reads a line.
    ///
    /// - Parameters:
    ///   - bytes: not blank.
    ///   - isTaken: whether a line before this one has the `custom_id`; asked once.
    package init(_ bytes: [UInt8], isTaken: (String) -> Bool) throws(Failure) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, path: "the line")
        } catch {
            throw Failure("invalid_json_line", error.description)
        }
        guard value.members != nil else {
            throw Failure("invalid_json_line", "the line must be a JSON object")
        }
        customID = try Self.customID(value, isTaken: isTaken)
        guard value["method"]?.string == "POST" else {
            throw Failure("invalid_method", "`method` must be POST", customID: customID)
        }
        do throws(RequestError) {
            request = try Self.request(value)
        } catch {
            throw Failure(error, customID: customID)
        }
    }

    private static func customID(
        _ value: JSONValue, isTaken: (String) -> Bool
    ) throws(Failure) -> String {
        guard let text = value["custom_id"]?.string else {
            throw Failure("missing_custom_id", "`custom_id` must be a string")
        }
        let most = ConversationLimits.maxCustomIDBytes
        guard 1...most ~= text.utf8.count else {
            throw Failure("invalid_custom_id", "`custom_id` must have 1 to \(most) bytes")
        }
        guard !isTaken(text) else {
            throw Failure(
                "duplicate_custom_id", "a line before this one has the same `custom_id`",
                customID: text)
        }
        return text
    }

    private static func request(_ value: JSONValue) throws(RequestError) -> Request {
        guard let url = value["url"]?.string,
            url == "/v1/completions" || url == "/v1/chat/completions"
        else {
            throw RequestError(
                "`url` must be /v1/completions or /v1/chat/completions", param: "url",
                code: .notFound)
        }
        guard let body = value["body"] else {
            throw RequestError("`body` must be an object", param: "body")
        }
        let request: Request
        let isStreamed: Bool
        if url == "/v1/completions" {
            let completion = try CompletionRequest(body, unknown: .refused)
            (request, isStreamed) = (.completion(completion), completion.isStreamed)
        } else {
            let chat = try ChatRequest(chatCompletion: body, unknown: .refused)
            (request, isStreamed) = (.chat(chat), chat.isStreamed)
        }
        guard !isStreamed else {
            throw RequestError(
                "`stream` is true; a batch has no streams, leave it out", param: "stream")
        }
        return request
    }
}
