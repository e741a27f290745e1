import Conversation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import QuireJSON

/// Makes the answers that are said in one piece.
enum Reply {
    /// A value.
    static func json(
        _ status: HTTPResponse.Status = .ok, _ write: (inout JSONWriter) -> Void
    ) -> Response {
        var out = JSONWriter()
        write(&out)
        return bytes(out.bytes, status, type: "application/json")
    }

    /// A text.
    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        bytes(Array(text.utf8), .ok, type: type)
    }

    /// A refusal or a failure, in a dialect's words.
    static func refusal(_ error: RequestError, _ dialect: any Dialect) -> Response {
        let status = error.code.status
        var response = json(HTTPResponse.Status(code: status.http)) {
            dialect.write(error, to: &$0)
        }
        if let seconds = status.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
        if error.code == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        // What is left of a body that is too large, or of one that nobody asked for, is not read.
        if error.code == .bodyTooLarge || error.code == .unsupportedBody
            || error.code == .unauthorized
        {
            response.headers[.connection] = "close"
        }
        return response
    }

    private static func bytes(
        _ bytes: [UInt8], _ status: HTTPResponse.Status, type: String
    ) -> Response {
        var fields = HTTPFields()
        fields[.contentType] = type
        return Response(
            status: status, headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Names for a header: of visible ASCII, and not too many.
    static func names(_ names: [String]) -> String {
        names.prefix(FixedLimits.ignoredNames).map { name in
            String(
                name.prefix(FixedLimits.ignoredCharacters).map { character in
                    let isPlain = character.isASCII && (character.isLetter || character.isNumber)
                    return isPlain || "_-.".contains(character) ? character : "?"
                })
        }.joined(separator: ", ")
    }
}

extension Response {
    /// The same, with a header that names what of the request was passed over.
    func naming(ignored: [String]) -> Response {
        guard !ignored.isEmpty else { return self }
        var response = self
        response.headers[.ignoredFields] = Reply.names(ignored)
        return response
    }
}
