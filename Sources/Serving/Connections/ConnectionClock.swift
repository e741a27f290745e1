/// When a connection has to be closed because its client is too slow: a state machine without a
/// clock.
///
/// ```
///   opened --head--> receiving --end--> answering --end of the answer--> idle --head--> receiving
///                                         |   ^
///                              not writable   writable
///                                         v   |
///                                        blocked
/// ```
///
/// While an answer is made there is no deadline, however long that takes, unless it waits for the
/// client to take it. A request may be received while the one before it is answered, and may be
/// answered before it is received to its end.
struct ConnectionClock {
    /// A request on its way.
    private struct Receiving {
        var since: Duration
        var bytes = 0
    }

    private let limits: ServingLimits
    private var receiving: Receiving?
    /// Until when the next header has to be there.
    private var waiting: Duration
    private var lingering: Duration?
    private var blocked: Duration?
    private var closesNext = false
    /// Requests whose answers have not ended.
    private(set) var due = 0

    /// A connection that was opened.
    init(_ limits: ServingLimits, now: Duration) {
        self.limits = limits
        waiting = now + limits.headerTime
    }

    /// A request's header is there.
    mutating func head(now: Duration) {
        due += 1
        receiving = Receiving(since: now)
    }

    /// So many bytes of a body are there.
    ///
    /// - Returns: whether that is within what bodies may have.
    mutating func body(_ count: Int) -> Bool {
        guard var request = receiving else { return true }
        request.bytes += count
        receiving = request
        return request.bytes <= limits.bodyBytes + limits.headerBytes
    }

    /// A request is there to its end.
    mutating func end(now: Duration) {
        receiving = nil
        waiting = now + limits.idleTime
    }

    /// The header of an answer is written.
    mutating func answerHead(closes: Bool) { closesNext = closesNext || closes }

    /// An answer is written to its end.
    ///
    /// - Returns: whether the connection is to be closed with it.
    mutating func answerEnd(now: Duration) -> Bool {
        // A text that is no HTTP is answered although it is no request.
        due = max(0, due - 1)
        waiting = now + limits.idleTime
        // A request behind another was read no faster than that one's answer let it.
        if due > 0 { receiving?.since = now }
        if closesNext { lingering = now + limits.lingerTime }
        return closesNext
    }

    /// The client takes what is written to it, or does not.
    mutating func writability(_ isWritable: Bool, now: Duration) {
        blocked = isWritable ? nil : blocked ?? now
    }

    /// Whether what comes is of no interest any more.
    var isLingering: Bool { lingering != nil }

    /// When it has to be closed if nothing happens until then; nil: never.
    var deadline: Duration? {
        let times = [lingering ?? ownDeadline, blocked.map { $0 + limits.writeTime }]
        return times.compactMap(\.self).min()
    }

    private var ownDeadline: Duration? {
        guard let receiving else { return due == 0 ? waiting : nil }
        guard due <= 1 else { return nil }
        let earned = receiving.bytes / max(1, limits.bodyBytesPerSecond)
        return receiving.since + limits.bodyTime + .seconds(earned)
    }
}
