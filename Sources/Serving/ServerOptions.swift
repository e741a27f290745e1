package import NIOSSL

/// How a server is set up.
package struct ServerOptions: Sendable {
    /// Where it listens.
    package enum Address: Hashable, Sendable {
        /// A host and a port; port 0: any that is free.
        case host(String, port: Int)
        /// The path of a socket.
        case socket(String)
    }

    /// Where it listens.
    package var address = Address.host("127.0.0.1", port: 8_000)

    /// The keys of which requests must show one; none: all are answered.
    package var keys = APIKeys([])

    /// Origins whose pages may read answers, as `https://example.org`; `*`: any. None: pages of
    /// other origins are refused.
    package var origins: Set<String> = []

    /// Host names that requests may be for, beside those of this machine's own loopback.
    package var hosts: Set<String> = []

    /// The certificates and the key of TLS; nil: plain HTTP.
    package var tls: TLSConfiguration?

    /// How long requests have to end when the server stops.
    package var shutdownTime = Duration.seconds(30)

    /// How long an answer may take, whatever a request says; nil: as long as it takes.
    package var requestTime: Duration?

    /// The bounds of requests and connections.
    package var limits = ServingLimits()

    /// The program's version.
    package var version = ""

    /// The defaults: loopback, without a key.
    package init() {}

    /// Where clients find it, once it is known which port it has got.
    func url(port: Int?) -> String {
        switch address {
        case .socket(let path): return "unix:\(path)"
        case .host(let host, let wanted):
            let name = host.contains(":") ? "[\(host)]" : host
            return "\(tls == nil ? "http" : "https")://\(name):\(port ?? wanted)"
        }
    }

    /// Whether only this machine can reach it.
    package var isLocal: Bool {
        switch address {
        case .socket: true
        case .host(let host, _): HostCheck.isLoopback(host)
        }
    }
}
