import QuireJSON

/// A line of a batch's input that can be answered.
struct BatchRequest {
    /// Bytes of a `custom_id` at most.
    static let maxIDLength = 1_024

    let customID: String
    let body: CompletionBody

    /// What is wrong with a line.
    struct Failure: Error {
        /// The line's `custom_id`, if that much can be told.
        let customID: String?
        /// A word for programs.
        let code: String
        /// What is wrong with the body; nil where the line itself is at fault.
        let body: BodyError?
        /// What is wrong.
        let message: String

        init(_ code: String, _ message: String, customID: String? = nil) {
            self.customID = customID
            self.code = code
            self.message = message
            body = nil
        }

        init(_ error: BodyError, customID: String) {
            self.customID = customID
            switch error.status {
            case 500: code = "server_error"
            case 501: code = "not_implemented"
            default: code = "invalid_request"
            }
            message = error.message
            body = error
        }
    }

    /// Reads a line.
    ///
    /// - Parameters:
    ///   - line: not blank.
    ///   - isTaken: whether a line before this one has the `custom_id`; asked once.
    init(_ line: LineReader.Line, isTaken: (String) -> Bool) throws(Failure) {
        let value = try Self.parse(line)
        guard let text = value["custom_id"]?.string else {
            throw Failure("missing_custom_id", "`custom_id` must be a string")
        }
        guard (1...Self.maxIDLength).contains(text.utf8.count) else {
            throw Failure(
                "invalid_custom_id", "`custom_id` must have 1 to \(Self.maxIDLength) bytes")
        }
        customID = text
        guard !isTaken(text) else {
            throw Failure(
                "duplicate_custom_id", "a line before this one has the same `custom_id`",
                customID: text)
        }
        guard value["method"]?.string == "POST" else {
            throw Failure("invalid_method", "`method` must be POST", customID: text)
        }
        do throws(BodyError) {
            body = try Self.body(value)
        } catch {
            throw Failure(error, customID: text)
        }
    }

    private static func parse(_ line: LineReader.Line) throws(Failure) -> JSONValue {
        guard let bytes = line.bytes else {
            throw Failure(
                "line_too_long", "the line has more than \(BatchInput.maxLineBytes) bytes")
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, path: "the line")
        } catch {
            throw Failure("invalid_json_line", error.description)
        }
        guard value.members != nil else {
            throw Failure("invalid_json_line", "the line must be a JSON object")
        }
        return value
    }

    private static func body(_ value: JSONValue) throws(BodyError) -> CompletionBody {
        switch value["url"]?.string {
        case "/v1/completions": break
        case "/v1/chat/completions":
            throw BodyError(
                "chat needs the model's chat template, which Quire does not apply yet; put the "
                    + "whole prompt into a request to /v1/completions", status: 501)
        default:
            throw BodyError("`url` must be /v1/completions", param: "url", status: 404)
        }
        guard let body = value["body"] else {
            throw BodyError("`body` must be an object", param: "body")
        }
        return try CompletionBody(body)
    }
}
