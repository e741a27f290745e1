import AsyncHTTPClient
import Foundation

/// The proxy that the environment names (`https_proxy`, `no_proxy`), in either case of letters.
struct ProxyRule: Sendable {
    let host: String
    let port: Int
    let user: String?
    let password: String?
    private let exceptions: [String]

    /// The rule; nil where the environment names no proxy.
    ///
    /// - Throws: `invalidSource` for one that is not understood: going round it in silence would
    ///   send what its owner wants sent through it.
    init?(environment: [String: String]) throws(ModelStoreError) {
        func value(_ name: String) -> String? {
            let value = environment[name] ?? environment[name.uppercased()]
            return value.flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let text = value("https_proxy") ?? value("all_proxy") else { return nil }
        guard let url = URL(string: text.contains("://") ? text : "http://" + text),
            url.scheme == "http", let host = url.host, !host.isEmpty
        else {
            // Not the text itself: it may hold a password.
            throw ModelStoreError(
                .invalidSource,
                "https_proxy (or all_proxy) is not understood: it must be http://host:port, with "
                    + "user:password@ before the host if the proxy asks for them. Correct or unset "
                    + "it.")
        }
        self.host = host
        port = url.port ?? 8080
        user = url.user
        password = url.password
        exceptions = (value("no_proxy") ?? "").split(separator: ",").map {
            $0.trimmingPrefix(" ").lowercased()
        }
    }

    /// Whether requests to the address go through the proxy; those to this machine never do.
    func applies(to address: WebAddress) -> Bool {
        let host = address.origin.host
        return !address.isLoopback
            && !exceptions.contains { exception in
                let suffix = exception.hasPrefix("*") ? String(exception.dropFirst()) : exception
                guard !suffix.isEmpty else { return exception == "*" }
                let bare = suffix.hasPrefix(".") ? String(suffix.dropFirst()) : suffix
                return host == bare || host.hasSuffix("." + bare)
            }
    }

    var setting: HTTPClient.Configuration.Proxy {
        guard let user else { return .server(host: host, port: port) }
        return .server(
            host: host, port: port,
            authorization: .basic(username: user, password: password ?? ""))
    }
}
