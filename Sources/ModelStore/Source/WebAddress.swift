import Foundation

/// An address that files may be fetched from: HTTPS, or plain HTTP to this machine.
struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// Scheme, host and port of an address: credentials for one origin are sent to no other.
    struct Origin: Hashable, Sendable {
        let scheme: String
        let host: String
        let port: Int
    }

    let url: URL
    let origin: Origin

    /// The address without the credentials or the signature that its query may carry.
    var description: String {
        let port = url.port.map { ":\($0)" } ?? ""
        return Self.shown(url, host: origin.host + port)
    }
    var text: String { url.absoluteString }
    var lastComponent: String { url.lastPathComponent }
    var isLoopback: Bool { Self.isLoopback(origin.host) }

    init(_ text: String) throws(ModelStoreError) {
        guard let url = URL(string: text) else {
            throw ModelStoreError(
                .invalidSource, "\(ForeignText.quoted(text)) is not a web address.")
        }
        try self.init(url)
    }

    private init(_ url: URL) throws(ModelStoreError) {
        let shown = Self.shown(url, host: url.host ?? "")
        guard let scheme = url.scheme?.lowercased(), let host = url.host?.lowercased(),
            !host.isEmpty
        else {
            throw ModelStoreError(.invalidSource, "'\(shown)' is not a web address.")
        }
        guard url.user == nil, url.password == nil else {
            throw ModelStoreError(
                .invalidSource, "'\(shown)': an address with a user and password is not taken.")
        }
        guard scheme == "https" || (scheme == "http" && Self.isLoopback(host)) else {
            throw ModelStoreError(
                .invalidSource,
                "'\(shown)': models come over https; http is for this machine only.")
        }
        self.url = url
        origin = Origin(
            scheme: scheme, host: host, port: url.port ?? (scheme == "https" ? 443 : 80))
    }

    /// Where a redirect leads. A server elsewhere may not send the client to this machine.
    func redirected(to location: String) throws(ModelStoreError) -> WebAddress {
        guard let url = URL(string: location, relativeTo: url)?.absoluteURL else {
            throw ModelStoreError(
                .refused, "\(self) redirects to \(ForeignText.quoted(location)), no web address.")
        }
        let target = try WebAddress(url)
        guard isLoopback || !target.isLoopback else {
            throw ModelStoreError(.refused, "\(self) redirects to this machine; not followed.")
        }
        return target
    }

    /// The address of a path at the same origin. The path holds no character that needs an escape.
    func appending(_ path: String) throws(ModelStoreError) -> WebAddress {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        return try WebAddress(text + path)
    }

    /// The address with its path still escaped, so that no path can hold a line break or worse.
    private static func shown(_ url: URL, host: String) -> String {
        let path = url.path(percentEncoded: true)
        return ForeignText.message("\(url.scheme ?? "")://\(host)\(path)")
    }

    private static func isLoopback(_ host: String) -> Bool {
        ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host)
    }
}
