import Conversation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOPosix
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

    /// What is read from the body, which is JSON.
    ///
    /// A conversation of megabytes takes seconds to render and to tokenise, and Swift's own pool
    /// has as many threads as there are cores: a large body is read on another thread, so that it
    /// holds up nobody's stream.
    ///
    /// - Throws: `RequestError` for what is no JSON, too large or compressed; what `read` throws.
    func body<Value: Sendable>(
        _ read: @escaping @Sendable (JSONValue) throws -> Value
    ) async throws -> Value {
        let bytes = try await bytes()
        guard bytes.count > FixedLimits.bytesReadAtOnce else { return try read(Self.json(bytes)) }
        return try await NIOThreadPool.singleton.runIfActive { try read(Self.json(bytes)) }
    }

    private static func json(_ bytes: [UInt8]) throws(RequestError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes, path: "the request body")
        } catch {
            throw RequestError(error.description, param: "body")
        }
    }

    private func bytes() async throws -> [UInt8] {
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
