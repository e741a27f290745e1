/// A number that stands for everything that happened, in its order: two runs with one number are
/// the same run.
struct EventHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ number: Int64) {
        value = SimulatedTokens.mix(value ^ UInt64(bitPattern: number))
    }

    mutating func add(_ record: ServedRequest, number: Int) {
        add(Int64(number))
        for time in [record.arrival, record.queued, record.finished] { add(time) }
        add(record.scheduled ?? -1)
        add(record.firstToken ?? -1)
        for count in [
            record.outputTokens, record.cachedTokens, record.recomputedTokens,
            record.preemptions, record.slowGaps, record.tenant, record.replica, record.end.number,
        ] {
            add(Int64(count))
        }
    }
}

extension ServedRequest.End {
    /// A number of its own, which stays when others are added.
    fileprivate var number: Int {
        switch self {
        case .completed: 0
        case .rejected: 1
        case .cancelled: 2
        case .failed: 3
        }
    }
}
