import Simulation

/// A row of `quire simulate batching`: a way of batching.
struct BatchingRow: Encodable {
    let mode: String
    /// Whether all requests wait at the start, instead of coming when they do.
    let all_at_once: Bool
    let requests: Int
    let slots: Int
    let makespan_s: Double
    let throughput: Double
    /// Requests a second when these come again and again.
    let throughput_backlog: Double
    let latency_mean_s: Double
    let latency_p50_s: Double
    let latency_p99_s: Double
    let queued_mean_s: Double
    /// What a request waits for others after its own end.
    let wait_mean_s: Double
    let wait_total_s: Double
    let slot_utilization: Double
    /// Slot-seconds in which a slot works on nothing.
    let idle_slot_s: Double

    init(_ mode: BatchingMode, _ run: BatchingRun, backlog: Double, allAtOnce: Bool) {
        self.mode = mode.name
        all_at_once = allAtOnce
        requests = run.served.count
        slots = run.slots
        makespan_s = run.makespan
        throughput = run.throughput
        throughput_backlog = backlog
        latency_mean_s = run.mean(\.latency)
        latency_p50_s = run.percentile(0.5, of: \.latency)
        latency_p99_s = run.percentile(0.99, of: \.latency)
        queued_mean_s = run.mean(\.queued)
        wait_mean_s = run.mean(\.held)
        wait_total_s = run.held
        slot_utilization = run.utilization
        let time = run.makespan - (run.served.first?.job.arrival ?? 0)
        idle_slot_s = max(0, Double(run.slots) * time - run.work)
    }

    /// Rows as CSV: a line of names, then a line a row.
    static func csv(_ rows: [BatchingRow]) -> [String] {
        [
            "mode,all_at_once,requests,slots,makespan_s,throughput,throughput_backlog,"
                + "latency_mean_s,latency_p50_s,latency_p99_s,queued_mean_s,wait_mean_s,"
                + "wait_total_s,slot_utilization,idle_slot_s"
        ]
            + rows.map {
                "\($0.mode),\($0.all_at_once),\($0.requests),\($0.slots),\($0.makespan_s),"
                    + "\($0.throughput),\($0.throughput_backlog),\($0.latency_mean_s),"
                    + "\($0.latency_p50_s),\($0.latency_p99_s),\($0.queued_mean_s),"
                    + "\($0.wait_mean_s),\($0.wait_total_s),\($0.slot_utilization),"
                    + "\($0.idle_slot_s)"
            }
    }
}

/// What `quire simulate batching --format json` prints.
struct BatchingResult: Encodable {
    let stamp: ResultStamp
    let name: String
    let rows: [BatchingRow]
}
