import AsyncHTTPClient
import Foundation

/// The proxy that the environment names (`https_proxy`, `no_proxy`), in either case of letters.
struct ProxyRule: Sendable {
    let host: String
    let port: Int
    let user: String?
    let password: String?
    private let exceptions: [String]

    init?(environment: [String: String]) {
        func value(_ name: String) -> String? {
            let value = environment[name] ?? environment[name.uppercased()]
            return value.flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let text = value("https_proxy") ?? value("all_proxy"),
            let url = URL(string: text.contains("://") ? text : "http://" + text),
            url.scheme == "http", let host = url.host
        else { return nil }
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
