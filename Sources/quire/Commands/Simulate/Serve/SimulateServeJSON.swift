import KVCache
import Scheduling
import Simulation

/// A simulated service for a program. Times are seconds.
struct SimulateServeJSON: Encodable {
    struct Times: Encodable {
        let mean: Double
        let p50: Double?
        let p90: Double?
        let p99: Double?
        let max: Double?

        init(_ values: Percentiles) {
            mean = values.mean
            p50 = values[0.5]
            p90 = values[0.9]
            p99 = values[0.99]
            max = values.largest
        }
    }

    struct Settings: Encodable {
        let costs: String
        let replicas: Int
        let blocks: Int
        let block_size: Int
        let context: Int
        let batch: Int
        let chunk: Int
        let order: String
        let admission: String
        let eviction: String
        let prefix_cache: Bool
        let itl_target: Double?
        let clients: Int?
    }

    struct Range: Encodable {
        let load: Double
        let error: Double
        let ttft_p50: [Double]
        let ttft_p99: [Double]
        let itl_p99: [Double]

        init(_ range: ServiceRange) {
            load = range.load
            error = range.error
            ttft_p50 = [range.firstTokenMedian.low, range.firstTokenMedian.high]
            ttft_p99 = [range.firstTokenTail.low, range.firstTokenTail.high]
            itl_p99 = [range.interTokenTail.low, range.interTokenTail.high]
        }
    }

    struct Tenant: Encodable {
        let name: String
        let requests: Int
        let completed: Int
        let prompt_tokens: Int
        let output_tokens: Int
        let service: Int
        let ttft: Times
    }

    let stamp: ResultStamp
    let settings: Settings
    let requests: [String: Int]
    let offered_rate: Double?
    let seconds: Double
    let steps: Int
    let request_rate: Double
    let output_tokens: Int
    let output_rate: Double
    let total_rate: Double
    let busy: Double
    let host: Double
    let hit_rate: Double
    let preemptions: Int
    let recomputed_tokens: Int
    let times: [String: Times]
    let target: String?
    let goodput: Double?
    let good_share: Double?
    let target_met: Bool?
    let tenants: [Tenant]
    let range: Range?
    let warnings: [String]
    let event_hash: String

    init(_ answer: SimulateServeAnswer) {
        let summary = answer.summary
        stamp = answer.stamp
        settings = Settings(answer)
        var requests: [String: Int] = [:]
        for end in ServedRequest.End.allCases { requests[end.rawValue] = summary.ends[end] ?? 0 }
        requests["all"] = summary.requests
        self.requests = requests
        offered_rate = summary.offered
        seconds = summary.seconds
        steps = summary.steps
        request_rate = summary.requestRate
        output_tokens = summary.outputTokens
        output_rate = summary.outputRate
        total_rate = summary.totalRate
        busy = summary.busyShare
        host = summary.hostShare
        hit_rate = summary.hitRate
        preemptions = summary.preemptions
        recomputed_tokens = summary.recomputedTokens
        times = [
            "ttft": Times(summary.times.firstToken), "arrival": Times(summary.times.arrival),
            "queue": Times(summary.times.queue), "prefill": Times(summary.times.prefill),
            "delivery": Times(summary.times.delivery), "itl": Times(summary.times.interToken),
            "e2e": Times(summary.times.endToEnd),
        ]
        target = answer.setup.target.isEmpty ? nil : answer.setup.target.description
        goodput = summary.goodput
        good_share = summary.goodShare
        target_met = summary.isMet
        tenants = summary.tenants.map { tenant in
            Tenant(
                name: tenant.name, requests: tenant.requests, completed: tenant.completed,
                prompt_tokens: tenant.promptTokens, output_tokens: tenant.outputTokens,
                service: tenant.service, ttft: Times(tenant.firstToken))
        }
        range = answer.range.map { Range($0) }
        warnings = answer.warnings
        event_hash = String(answer.hash, radix: 16)
    }
}

extension SimulateServeJSON.Settings {
    init(_ answer: SimulateServeAnswer) {
        let setup = answer.setup
        costs = setup.costs.name
        replicas = setup.replicas
        blocks = setup.layout.capacity
        block_size = setup.layout.blockSize
        context = setup.layout.maxModelLength
        batch = setup.scheduling.maxRunning
        chunk = setup.scheduling.maxChunk
        order = setup.scheduling.order.name
        admission = setup.scheduling.admission.name
        eviction = setup.scheduling.cache.eviction.name
        prefix_cache = setup.scheduling.cache.prefixCaching
        itl_target = setup.scheduling.interTokenTarget.map { $0 / .seconds(1) }
        if case .closed(let clients) = setup.load { self.clients = clients } else { clients = nil }
    }
}

/// A line for each request. Times are seconds of the simulation.
struct SimulateServeCSV {
    let result: ServiceResult

    init(_ result: ServiceResult) { self.result = result }

    var lines: [String] {
        [
            "request,tenant,end,arrival,queued,scheduled,first_token,finished,prompt_tokens,"
                + "output_tokens,cached_tokens,recomputed_tokens,preemptions,replica"
        ]
            + result.requests.enumerated().map { number, request in
                let times = [
                    request.arrival, request.queued, request.scheduled, request.firstToken,
                    request.finished,
                ].map { $0.map { "\(Double($0) * 1e-9)" } ?? "" }
                let counts = [
                    request.promptTokens, request.outputTokens, request.cachedTokens,
                    request.recomputedTokens, request.preemptions, request.replica,
                ].map(String.init)
                let name = Self.field(result.tenants[request.tenant])
                return (["\(number)", name, request.end.rawValue] + times + counts)
                    .joined(separator: ",")
            }
    }

    private static func field(_ text: String) -> String {
        let needsQuotes = text.contains { ",\"\n\r".contains($0) }
        return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
