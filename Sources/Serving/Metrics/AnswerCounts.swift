import HTTPTypes
import Synchronization

/// How many answers there were, by route, method and status.
///
/// Nothing that clients make up becomes a label: a route is known by its pattern, and all paths
/// without one are counted together, as are all methods that are no common ones.
final class AnswerCounts: Sendable {
    /// The labels of a count.
    struct Key: Hashable, Comparable {
        let route: String
        let method: String
        let status: Int

        static func < (left: Key, right: Key) -> Bool {
            (left.route, left.method, left.status) < (right.route, right.method, right.status)
        }
    }

    /// The route of what has none.
    static let noRoute = "unmatched"

    /// The status of an answer that nobody waited for, as nginx writes it.
    static let clientGone = 499

    private static let methods: Set<HTTPRequest.Method> = [
        .get, .head, .post, .put, .patch, .delete, .options,
    ]

    private let counts = Mutex<[Key: Int]>([:])

    /// An answer has its status.
    func count(_ match: RouteTable.Match, _ method: HTTPRequest.Method, status: Int) {
        let route =
            switch match {
            case .route(let route, _): route.path
            case .otherMethods(_, let path, _): path
            case .none: Self.noRoute
            }
        let name = Self.methods.contains(method) ? method.rawValue : "other"
        counts.withLock { $0[Key(route: route, method: name, status: status), default: 0] += 1 }
    }

    /// Writes the counts.
    func write(to out: inout PrometheusText) {
        out.begin(
            "http_requests_total", .counter, "Answers by the pattern of their route and by status.")
        for (key, count) in counts.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            out.sample(
                "http_requests_total",
                [("method", key.method), ("route", key.route), ("status", "\(key.status)")],
                Double(count))
        }
    }
}
