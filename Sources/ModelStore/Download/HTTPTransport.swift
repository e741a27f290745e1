import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Requests with redirects followed by hand, so that credentials go to one origin only.
struct HTTPTransport: Sendable {
    /// What came back, its body not yet read.
    struct Reply {
        let status: Int
        let headers: HTTPHeaders
        let body: HTTPClientResponse.Body
        /// The `X-Linked-...` headers of the hub, which stand on its redirect: those of the first
        /// origin, as no other is entitled to them.
        let linked: HTTPHeaders
    }

    /// A secret and the only origin that may see it.
    struct Credentials: Sendable {
        let origin: WebAddress.Origin
        let token: String
    }

    private let direct: HTTPClient
    private let proxied: HTTPClient?
    private let proxy: ProxyRule?
    private let credentials: Credentials?

    init(
        environment: [String: String], credentials: Credentials?,
        connectTimeout: TimeAmount = .seconds(10), readTimeout: TimeAmount = .seconds(30)
    ) throws(ModelStoreError) {
        proxy = try ProxyRule(environment: environment)
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: connectTimeout, read: readTimeout)
        // Each range wants a connection of its own; one HTTP/2 connection would be shared.
        configuration.httpVersion = .http1Only
        // Retries are counted here, where the person is told of them.
        configuration.connectionPool.retryConnectionEstablishment = false
        direct = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: configuration)
        if let proxy {
            configuration.proxy = proxy.setting
            proxied = HTTPClient(
                eventLoopGroupProvider: .singleton, configuration: configuration)
        } else {
            proxied = nil
        }
        self.credentials = credentials
    }

    /// Closes the connections. Nothing may be asked for afterwards.
    func shutdown() async {
        try? await direct.shutdown()
        try? await proxied?.shutdown()
    }

    /// Gets a file or a range of one, in the bytes that the server has: an answer that a proxy has
    /// compressed is refused.
    ///
    /// - Throws: also for every status that is not 200 or 206.
    func get(
        _ address: WebAddress, range: Range<Int>? = nil
    ) async throws(TransferFailure) -> Reply {
        var target = address
        var linked = HTTPHeaders()
        for _ in 0...ModelStoreLimits.redirects {
            let response = try await send(target, range: range)
            if target.origin == address.origin {
                for name in ["X-Linked-Etag", "X-Linked-Size"] {
                    for value in response.headers[name] {
                        linked.replaceOrAdd(name: name, value: value)
                    }
                }
            }
            let status = Int(response.status.code)
            if [301, 302, 303, 307, 308].contains(status),
                let location = response.headers.first(name: "Location")
            {
                do throws(ModelStoreError) {
                    target = try target.redirected(to: location)
                } catch {
                    throw TransferFailure(permanent: error)
                }
                continue
            }
            guard status == 200 || status == 206 else {
                throw HTTPStatus.failure(status, headers: response.headers, at: target)
            }
            try Self.checkEncoding(response.headers, of: target, isRange: range != nil)
            return Reply(
                status: status, headers: response.headers, body: response.body, linked: linked)
        }
        throw TransferFailure(.permanent, .refused, "\(address) redirects without end.")
    }

    /// Refuses a body whose bytes are not the file's. `Content-Encoding` and `Transfer-Encoding`
    /// are lists (RFC 9110, section 8.4; RFC 9112, section 6.1); `chunked` is undone by the client.
    private static func checkEncoding(
        _ headers: HTTPHeaders, of address: WebAddress, isRange: Bool
    ) throws(TransferFailure) {
        let contents = headers[canonicalForm: "Content-Encoding"].map { $0.lowercased() }
        let transfers = headers[canonicalForm: "Transfer-Encoding"].map { $0.lowercased() }
        let changed =
            contents.filter { !$0.isEmpty && $0 != "identity" }
            + transfers.filter { !$0.isEmpty && $0 != "identity" && $0 != "chunked" }
        guard !changed.isEmpty else { return }
        let codings = ForeignText.quoted(changed.joined(separator: ", "))
        // What a proxy does to ranges it may leave undone to the whole.
        throw TransferFailure(
            isRange ? .rangesRefused : .permanent, .refused,
            """
            \(address) comes compressed (\(codings)) though that was not asked \
            for: a proxy on the way may do it.
            """)
    }

    private func send(
        _ target: WebAddress, range: Range<Int>?
    ) async throws(TransferFailure) -> HTTPClientResponse {
        var request = HTTPClientRequest(url: target.text)
        request.headers.add(name: "User-Agent", value: "quire")
        // A compressed body would have other offsets and another sum.
        request.headers.add(name: "Accept-Encoding", value: "identity")
        if let range {
            let value = "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
            request.headers.add(name: "Range", value: value)
        }
        if let credentials, credentials.origin == target.origin {
            request.headers.add(name: "Authorization", value: "Bearer \(credentials.token)")
        }
        let usesProxy = proxy?.applies(to: target) ?? false
        let client = usesProxy ? proxied ?? direct : direct
        do {
            return try await client.execute(request, deadline: .distantFuture)
        } catch {
            throw TransferFailure(error, whileConnectingTo: target)
        }
    }
}

extension TransferFailure {
    /// An error of the HTTP client before there was an answer.
    fileprivate init(_ error: any Error, whileConnectingTo address: WebAddress) {
        if error is CancellationError || (error as? HTTPClientError) == .cancelled {
            self = .cancelled
            return
        }
        let late: [HTTPClientError] = [.readTimeout, .remoteConnectionClosed, .uncleanShutdown]
        if let error = error as? HTTPClientError, late.contains(error) {
            self.init(.transient, .unreachable, "\(address) did not answer (\(error)).")
        } else {
            let reason = String(describing: error).prefix(300)
            let host = address.origin.host
            self.init(.connection, .unreachable, "\(host) cannot be reached: \(reason).")
        }
    }

    /// An error of the HTTP client in the middle of a body.
    init(_ error: any Error, whileReading address: WebAddress) {
        if error is CancellationError || (error as? HTTPClientError) == .cancelled {
            self = .cancelled
        } else if let failure = error as? TransferFailure {
            self = failure
        } else {
            let reason = String(describing: error).prefix(200)
            self.init(
                .transient, .truncated, "The connection to \(address) broke off (\(reason)).")
        }
    }
}
