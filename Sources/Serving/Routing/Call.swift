import Conversation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import QuireJSON

/// A request on its way to a route's answer.
struct Call: Sendable {
    let request: Request
    /// What stands for the parameters of the route's path.
    let parameters: [String]
    let dialect: any Dialect
    let channel: any Channel
    /// The request's own name, or one made up.
    let requestID: String
    let limits: ServingLimits

    /// The body as JSON.
    ///
    /// - Throws: `RequestError` for what is none, is too large, or is compressed.
    func json() async throws -> JSONValue {
        let bytes = try await body()
        do throws(JSONError) {
            return try JSONValue(parsing: bytes, path: "the request body")
        } catch {
            throw RequestError(error.description, param: "body")
        }
    }

    private func body() async throws -> [UInt8] {
        if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw RequestError(
                "a body must not be compressed; send it without `content-encoding`",
                code: .unsupportedBody)
        }
        if let type = request.headers[.contentType], !Self.isJSON(type) {
            throw RequestError(
                "the content type must be application/json", code: .unsupportedBody)
        }
        let tooLarge = RequestError(
            "the body has more than \(limits.bodyBytes) bytes; send less at once",
            code: .bodyTooLarge)
        let length = request.headers[.contentLength].flatMap(Int.init)
        guard (length ?? 0) <= limits.bodyBytes else { throw tooLarge }
        do {
            let buffer = try await request.body.collect(upTo: limits.bodyBytes)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }

    private static func isJSON(_ type: String) -> Bool {
        let name = type.prefix { $0 != ";" }.trimmingSpaces.lowercased()
        return name == "application/json" || name.hasSuffix("+json")
    }

    /// The client at the other end.
    func presence() async throws -> ClientPresence {
        let channel = channel
        return try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: ConnectionGuard.self).presence
        }.get()
    }
}

extension StringProtocol {
    /// Without spaces and tabs at either end.
    var trimmingSpaces: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
