import KVCache
import QuireIdentifiers
import Scheduling

/// A request of a trace.
struct Arrival {
    var time: Duration
    var client: String
    var input: Int
    var output: Int
}

/// Plays a trace against the scheduler with a virtual clock, and measures how fair it was.
///
/// A step takes time by its tokens, as on a machine; no tensor is computed. Fairness is measured
/// over *backlogged* pairs: two clients that both have requests waiting. While they do, the
/// difference of their counters is bounded, and so is that of the service that they receive.
struct FairSimulation {
    private(set) var scheduler: Scheduler
    private let arrivals: [Arrival]
    private let weights: [String: Double]
    private let prices = FairPrices()
    private var next = 0
    private var now = Duration.zero
    private let names: [String]
    /// Client and prompt of each request, by its number.
    private var requests: [(client: Int, input: Int)] = []
    private var waiting: [Int]

    /// Service in prices over weights, by client, since the beginning.
    private var served: [Double]
    /// Steps at which two clients or more had requests waiting.
    private(set) var contendedSteps = 0
    private(set) var worstCounterGap = 0.0
    private(set) var worstServiceGap = 0.0

    /// For each pair that is backlogged, by how much the service of the first was ahead at least
    /// and at most since they became so; `nil` for a pair that is not.
    private var pairs: [(low: Double, high: Double)?]

    /// `max(input * longest prompt, output * tokens in memory)` over the lowest weight.
    let counterBound: Double

    init(
        _ order: OrderChoice, _ arrivals: [Arrival], weights: [String: Double] = [:],
        running: Int = 8, blocks: Int = 64
    ) throws {
        let longest = arrivals.map { $0.input + $0.output }.max() ?? 1
        let blocks = max(blocks, (longest + 15) / 16 + 1)
        let layout = try makeLayout(blocks: blocks, length: longest, chunk: longest)
        scheduler = try Scheduler(
            layout: layout,
            configuration: bounds(
                tokens: 512, outputs: 64, chunk: 512, running: running, order: order,
                admission: .reserve, caching: false))
        self.arrivals = arrivals.sorted { $0.time < $1.time }
        self.weights = weights
        names = Set(arrivals.map(\.client)).sorted()
        waiting = Array(repeating: 0, count: names.count)
        served = Array(repeating: 0, count: names.count)
        pairs = Array(repeating: nil, count: names.count * names.count)
        let input = prices.input * Double(arrivals.map(\.input).max() ?? 0)
        let output = prices.output * Double(layout.capacity * layout.blockSize)
        counterBound = max(input, output) / (weights.values.min() ?? 1)
    }

    mutating func run(until isDone: (FairSimulation) -> Bool = { _ in false }) throws {
        while next < arrivals.count || !scheduler.isIdle {
            if scheduler.isIdle, now < arrivals[next].time { now = arrivals[next].time }
            while next < arrivals.count, arrivals[next].time <= now { try submit() }
            step()
            measure()
            if isDone(self) { return }
        }
    }

    private mutating func submit() throws {
        let arrival = arrivals[next]
        let id = SequenceID(UInt64(next))
        try scheduler.submit(
            Request(
                id: id, prompt: Array(repeating: 1, count: arrival.input),
                maxTokens: arrival.output, tenant: arrival.client,
                weight: weights[arrival.client] ?? 1),
            now: arrival.time)
        let client = names.firstIndex(of: arrival.client) ?? 0
        requests.append((client, arrival.input))
        waiting[client] += 1
        next += 1
    }

    private mutating func step() {
        let plan = scheduler.plan(now: now)
        for (id, _) in scheduler.events().admissions {
            // As in the paper, a prompt is service when it is admitted.
            let request = requests[Int(id)]
            waiting[request.client] -= 1
            serve(request.client, prices.input * Double(request.input))
        }
        scheduler.complete(plan.rows.map { $0.samples ? .sampled(7) : .advanced })
        for row in plan.rows where row.samples {
            serve(requests[Int(row.sequence.rawValue)].client, prices.output)
        }
        now += .microseconds(10_000 + 40 * plan.tokens.count)
    }

    private mutating func serve(_ client: Int, _ price: Double) {
        served[client] += price / (weights[names[client]] ?? 1)
    }

    /// Service by client.
    var service: [String: Double] { Dictionary(uniqueKeysWithValues: zip(names, served)) }

    private mutating func measure() {
        let backlogged = names.indices.filter { waiting[$0] > 0 }
        if backlogged.count > 1 { contendedSteps += 1 }
        let counters = names.map { scheduler.fairCounter(of: $0) }
        for one in names.indices {
            for other in names.indices.dropFirst(one + 1) {
                let pair = one * names.count + other
                guard waiting[one] > 0, waiting[other] > 0 else {
                    pairs[pair] = nil
                    continue
                }
                if let a = counters[one], let b = counters[other] {
                    worstCounterGap = max(worstCounterGap, abs(a - b))
                }
                let ahead = served[one] - served[other]
                let range = pairs[pair] ?? (ahead, ahead)
                pairs[pair] = (min(range.low, ahead), max(range.high, ahead))
                worstServiceGap = max(
                    worstServiceGap, max(range.high, ahead) - min(range.low, ahead))
            }
        }
    }
}
