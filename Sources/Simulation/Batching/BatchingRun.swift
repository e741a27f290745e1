/// Who was served when: what a way of batching made of requests.
package struct BatchingRun: Hashable, Sendable {
    /// A request and its times, in seconds.
    package struct Served: Hashable, Sendable {
        /// The request.
        package let job: BatchingJob
        /// The slot that it had, from 0.
        package let slot: Int
        /// When its slot began to work on it.
        package let start: Double
        /// When its answer was there for the client; with batches that is when the batch ended.
        package let returned: Double

        /// When its own work was done.
        package var done: Double { start + job.work }
        /// From its arrival to its answer.
        package var latency: Double { returned - job.arrival }
        /// From its arrival to its start.
        package var queued: Double { start - job.arrival }
        /// What it waited for others after its own end.
        package var held: Double { returned - done }
    }

    /// A batch that ran from start to end.
    package struct Batch: Hashable, Sendable {
        /// When it started, in seconds.
        package let start: Double
        /// When its longest request was done.
        package let end: Double
        /// Its requests.
        package let requests: Int
    }

    /// Slots of a batch.
    package let slots: Int
    /// The requests in the order of their arrival.
    package internal(set) var served: [Served] = []
    /// The batches; none where requests come and go by themselves.
    package internal(set) var batches: [Batch] = []

    init(slots: Int) {
        self.slots = slots
    }

    /// When the last answer was there; 0 without requests.
    package var makespan: Double { served.map(\.returned).max() ?? 0 }

    /// Slot-seconds of work.
    package var work: Double { served.reduce(0) { $0 + $1.job.work } }

    /// Slot-seconds that requests hold after their own end.
    package var held: Double { served.reduce(0) { $0 + $1.held } }

    /// The share of the slots' time, from the first arrival to the last answer, in which a slot
    /// works on a request.
    ///
    /// It is no share of the processor's time: a batch with one request reads all weights in every
    /// step, as one with many does.
    package var utilization: Double {
        let time = makespan - (served.first?.job.arrival ?? 0)
        return time > 0 ? work / (Double(slots) * time) : 0
    }

    /// Requests a second, from the first arrival to the last answer.
    package var throughput: Double {
        let time = makespan - (served.first?.job.arrival ?? 0)
        return time > 0 ? Double(served.count) / time : 0
    }

    /// The mean of something over the requests; 0 without requests.
    package func mean(_ value: (Served) -> Double) -> Double {
        served.isEmpty ? 0 : served.reduce(0) { $0 + value($1) } / Double(served.count)
    }

    /// The smallest value that at least a share of the requests do not exceed; 0 without requests.
    package func percentile(_ share: Double, of value: (Served) -> Double) -> Double {
        let values = served.map(value).sorted()
        let rank = Int((share * Double(values.count)).rounded(.up))
        return values.isEmpty ? 0 : values[min(max(rank, 1), values.count) - 1]
    }
}

extension BatchingMode {
    /// Requests a second when these requests come again and again, so that there is always somebody
    /// who waits.
    ///
    /// Slots that are refilled at once are always busy: slots over the mean work. Batches are the
    /// same ones over and over.
    ///
    /// - Parameter jobs: at least one.
    package func backloggedThroughput(_ jobs: [BatchingJob], slots: Int) -> Double {
        precondition(!jobs.isEmpty, "no request")
        switch self {
        case .continuous:
            return Double(slots * jobs.count) / jobs.reduce(0) { $0 + $1.work }
        case .static, .dynamic:
            let atOnce = jobs.map { BatchingJob(work: $0.work) }
            return Self.static.run(atOnce, slots: slots).throughput
        }
    }
}
