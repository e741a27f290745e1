import Conversation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// What a request comes with beside itself.
struct ServingContext: InitializableFromSource {
    let channel: any Channel
    let logger: Logger

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
        logger = source.logger
    }
}

/// Lets a request in, finds its route and has it answered; whatever goes wrong is said in the
/// route's dialect.
struct Responder: HTTPResponder {
    typealias Context = ServingContext

    private let options: ServerOptions
    private let routes: RouteTable
    private let hosts: HostCheck
    private let origins: OriginPolicy
    private let counts: AnswerCounts

    init(_ options: ServerOptions, _ routes: RouteTable, _ counts: AnswerCounts) {
        self.counts = counts
        self.options = options
        self.routes = routes
        hosts = HostCheck(options)
        origins = OriginPolicy(options.origins)
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        let match = routes.match(request.method, request.uri.path)
        do {
            let response = try await respond(to: request, match, context)
            counts.count(match, request.method, status: response.status.code)
            return response
        } catch {
            counts.count(match, request.method, status: AnswerCounts.clientGone)
            throw error
        }
    }

    private func respond(
        to request: Request, _ match: RouteTable.Match, _ context: Context
    ) async throws -> Response {
        let origin = request.headers[.origin]
        let name = Self.requestID(request)
        var response: Response
        if request.method == .options, let preflight = origins.preflight(origin) {
            response = preflight
        } else {
            response = try await answer(request, match, name, context)
        }
        response.headers[.requestID] = name
        origins.mark(&response, origin)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(
        _ request: Request, _ match: RouteTable.Match, _ name: String, _ context: Context
    ) async throws -> Response {
        let dialect: any Dialect =
            switch match {
            case .route(let route, _): route.dialect
            case .otherMethods(_, _, let dialect): dialect
            case .none(let dialect): dialect
            }
        do throws(RequestError) {
            try admit(request, match)
        } catch {
            return Reply.refusal(error, dialect)
        }
        switch match {
        case .route(let route, let parameters):
            let call = Call(
                request: request, parameters: parameters, dialect: dialect,
                channel: context.channel, requestID: name, limits: options.limits)
            do {
                return try await route.answer(call)
            } catch let error as RequestError {
                return Reply.refusal(error, dialect)
            }
        case .otherMethods(let methods, _, _):
            let allowed = methods.map(\.rawValue).joined(separator: ", ")
            let refusal = RequestError(
                "\(request.method.rawValue) is not for this path; it has \(allowed)",
                code: .methodNotAllowed)
            var response = Reply.refusal(refusal, dialect)
            response.headers[.allow] = allowed
            return response
        case .none:
            let path = request.uri.path.prefix(FixedLimits.pathCharacters)
            return Reply.refusal(
                RequestError("there is nothing at \(path)", code: .notFound), dialect)
        }
    }

    /// Refuses what may not be asked from where it comes.
    private func admit(_ request: Request, _ match: RouteTable.Match) throws(RequestError) {
        guard hosts.admit(request.head.authority) else {
            throw RequestError(
                "this server answers on this machine only, and not under that host name; name it "
                    + "with --allowed-host", code: .forbidden)
        }
        guard origins.admit(request.headers[.origin], authority: request.head.authority) else {
            throw RequestError(
                "pages of that origin may not use this server; name it with --cors-origin",
                code: .forbidden)
        }
        if case .route(let route, _) = match, route.isOpen { return }
        guard options.keys.admit(request.headers) else {
            throw RequestError(
                "a key is needed, as `Authorization: Bearer KEY`; it is missing or not a right one",
                code: .unauthorized)
        }
    }

    /// The name that the client gave the request, where it is one that can be given back.
    private static func requestID(_ request: Request) -> String {
        if let given = request.headers[.requestID],
            1...FixedLimits.requestIDCharacters ~= given.count,
            given.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
        {
            return given
        }
        return "req-" + AnswerName.random()
    }
}

/// Names for answers.
enum AnswerName {
    /// 24 hexadecimal digits that no other has.
    static func random() -> String {
        let bytes = (0..<12).map { _ in UInt8.random(in: .min ... .max) }
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
