extension Trace {
    /// The first `count` requests; of a shorter trace, the trace again and again, each time after
    /// the last request of the time before. Block ids stay, so that what comes again is cached
    /// where it can be.
    ///
    /// - Complexity: O(`count`).
    package func repeated(upTo count: Int) -> Trace {
        precondition(!requests.isEmpty, "a trace without requests cannot be repeated")
        var longer = self
        longer.requests.removeAll()
        longer.requests.reserveCapacity(count)
        // The mean time between two requests also lies between two rounds.
        let last = requests.last?.arrival ?? .zero
        let period = requests.count > 1 ? last + last / (requests.count - 1) : last
        var start = Duration.zero
        while longer.requests.count < count {
            for request in requests.prefix(count - longer.requests.count) {
                var later = request
                later.arrival += start
                longer.requests.append(later)
            }
            start += period
        }
        return longer
    }

    /// The same requests, coming `factor` times as fast.
    ///
    /// - Throws: `ServiceError` when the last would come later than is simulated.
    package func faster(by factor: Double) throws(ServiceError) -> Trace {
        precondition(factor > 0, "a pace above 0")
        var scaled = self
        for index in requests.indices {
            let nanoseconds = Double(requests[index].arrival.wholeNanoseconds) / factor
            guard nanoseconds <= SimulationLimits.traceSeconds * 1e9 else {
                throw ServiceError(
                    "at this pace requests come after more than "
                        + "\(SimulationLimits.traceSeconds) s; let them come faster")
            }
            scaled.requests[index].arrival = .nanoseconds(Int64(nanoseconds.rounded()))
        }
        return scaled
    }

    /// Requests that come in a second, from the first to the last; nil: all at once.
    package var rate: Double? {
        guard let first = requests.first?.arrival, let last = requests.last?.arrival, last > first
        else { return nil }
        return Double(requests.count - 1) / (Double((last - first).wholeNanoseconds) * 1e-9)
    }

    /// The same requests, so that `rate` of them come in a second.
    ///
    /// - Throws: `ServiceError` for a trace without times, and as `faster(by:)`.
    package func scaled(toRate rate: Double) throws(ServiceError) -> Trace {
        guard let own = self.rate else {
            throw ServiceError(
                "its requests have no times, which cannot be scaled; use --concurrency, or a "
                    + "workload with a rate")
        }
        return try faster(by: rate / own)
    }
}
