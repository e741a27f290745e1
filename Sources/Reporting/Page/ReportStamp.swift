/// Where the numbers of a page come from, so that they can be had again.
package struct ReportStamp: Hashable, Sendable {
    /// Who decides when a request comes.
    package enum Clients: String, Hashable, Sendable {
        /// Requests come at their times, however slow the service is.
        case open

        /// The next request comes when an answer is there.
        case closed
    }

    /// The version of the program.
    package var version: String

    /// The hash of the trace; nil: there is none.
    package var traceHash: String?

    /// The seed; nil: nothing was drawn.
    package var seed: UInt64?

    /// Open or closed loop; nil: there are no clients.
    package var clients: Clients?

    /// A stamp.
    package init(
        version: String, traceHash: String? = nil, seed: UInt64? = nil, clients: Clients? = nil
    ) {
        self.version = version
        self.traceHash = traceHash
        self.seed = seed
        self.clients = clients
    }

    /// Names and values, for a page or a terminal.
    package var lines: [(name: String, value: String)] {
        var lines = [(name: "Quire", value: version)]
        if let traceHash { lines.append(("trace", traceHash)) }
        if let seed { lines.append(("seed", String(seed))) }
        if let clients { lines.append(("clients", "\(clients.rawValue) loop")) }
        return lines
    }
}
