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
            record.outputTokens, record.cachedTokens, record.preemptions, record.slowGaps,
        ] {
            add(Int64(count))
        }
    }
}
