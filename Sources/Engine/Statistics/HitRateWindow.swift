/// The share of looked-up tokens that the prefix cache had, over the last requests.
///
/// A rate since the start would hardly move after a day. Whole observations leave the window, the
/// oldest first, while the rest has more requests than it may; the newest always stays.
package struct HitRateWindow: Hashable, Sendable {
    private struct Observation: Hashable, Sendable {
        var requests: Int
        var queries: Int
        var hits: Int
    }

    /// Requests that the window remembers.
    package let limit: Int

    private var observations: [Observation] = []
    private var requests = 0
    private var queries = 0
    private var hits = 0

    /// A window without observations.
    package init(requests: Int = EngineLimits.hitRateRequests) {
        precondition(requests >= 1, "a window has room for a request")
        limit = requests
    }

    /// Hits of the queries in the window, 0 to 1; 0 without queries.
    package var rate: Double { queries == 0 ? 0 : Double(hits) / Double(queries) }

    /// Takes in what some requests looked up and found, both in tokens; no requests: no effect.
    package mutating func observe(requests new: Int, queries asked: Int, hits found: Int) {
        guard new > 0 else { return }
        observations.append(Observation(requests: new, queries: asked, hits: found))
        requests += new
        queries += asked
        hits += found
        var gone = 0
        while requests > limit, gone < observations.count - 1 {
            requests -= observations[gone].requests
            queries -= observations[gone].queries
            hits -= observations[gone].hits
            gone += 1
        }
        observations.removeFirst(gone)
    }

    /// Forgets everything, as the cache did.
    package mutating func reset() {
        self = HitRateWindow(requests: limit)
    }
}
