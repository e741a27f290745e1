import HTTPTypes
import Hummingbird

/// What pages of other origins may do: nothing, unless their origin is named.
///
/// Not being able to read an answer does not keep a page from asking, so that requests with a
/// foreign `Origin` are refused and not only left without the headers of CORS.
struct OriginPolicy: Sendable {
    private let origins: Set<String>

    init(_ origins: Set<String>) {
        self.origins = Set(origins.map { $0.lowercased() })
    }

    /// Whether a page of that origin may send requests here; nil: no browser says one.
    ///
    /// - Parameter authority: the `Host` of the request, whose own pages always may.
    func admit(_ origin: String?, authority: String?) -> Bool {
        guard let origin = origin?.lowercased() else { return true }
        if isNamed(origin) { return true }
        guard let authority = authority?.lowercased() else { return false }
        return origin == "http://\(authority)" || origin == "https://\(authority)"
    }

    private func isNamed(_ origin: String) -> Bool {
        origins.contains("*") || origins.contains(origin)
    }

    /// The answer to a browser that asks before it sends what it was told to.
    func preflight(_ origin: String?) -> Response? {
        guard let origin, isNamed(origin.lowercased()) else { return nil }
        var response = Response(status: .noContent)
        mark(&response, origin)
        response.headers[.accessControlAllowMethods] = "GET, POST, DELETE"
        response.headers[.accessControlAllowHeaders] = "*, authorization"
        response.headers[.accessControlMaxAge] = "600"
        return response
    }

    /// Lets the page read the answer.
    func mark(_ response: inout Response, _ origin: String?) {
        guard let origin, isNamed(origin.lowercased()) else { return }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.vary] = "Origin"
        response.headers[.accessControlExposeHeaders] =
            "x-request-id, x-quire-ignored, retry-after"
    }
}
