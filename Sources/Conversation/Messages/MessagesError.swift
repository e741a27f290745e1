package import QuireJSON

/// Errors in the shape of the Messages interface.
package enum MessagesError {
    /// The body of an answer, and the data of the event `error`.
    package static func body(_ error: RequestError) -> JSONValue {
        [
            "type": "error",
            "error": ["type": .string(type(of: error)), "message": .string(message(of: error))],
        ]
    }

    /// The interface's name for what an error's status says.
    package static func type(of error: RequestError) -> String {
        switch error.code.status.http {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 503, 529: "overloaded_error"
        case 504: "timeout_error"
        case 400..<500: "invalid_request_error"
        default: "api_error"
        }
    }

    /// Agents shorten their history when they read the numbers of these words.
    private static func message(of error: RequestError) -> String {
        guard let overflow = error.overflow else { return error.message }
        return
            "prompt is too long: \(overflow.promptTokens) tokens > "
            + "\(overflow.contextTokens) maximum"
    }
}
