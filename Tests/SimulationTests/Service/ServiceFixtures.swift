import KVCache
import QuireEngine
import Scheduling

@testable import Simulation

/// A cache of `blocks` blocks of four tokens.
func smallLayout(blocks: Int, spans: [AttentionSpan] = [.full], length: Int = 256) throws
    -> CacheLayout
{
    try KVPlanner(
        geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 2), blockSize: 4,
        maxModelLength: length, maxChunk: 64
    ).plan(blockCount: blocks + 1)
}

/// A service in which a step takes 10 ms, a token of a prompt 1 ms and a decode 2 ms.
func smallSetup(
    blocks: Int = 256, running: Int = 8, load: ServiceSetup.Load = .open,
    configure: (inout SchedulerConfiguration) -> Void = { _ in }
) throws -> ServiceSetup {
    var configuration = SchedulerConfiguration(
        maxStepTokens: 64, maxStepOutputs: max(8, running), maxChunk: 64, maxRunning: running)
    configuration.cache.seed = 7
    configure(&configuration)
    var costs = LinearCosts()
    costs.step = 0.010
    costs.prefill = 0.001
    costs.decode = 0.002
    var setup = ServiceSetup(
        layout: try smallLayout(blocks: blocks), scheduling: configuration, costs: costs,
        load: load)
    setup.checks = .full
    return setup
}

/// Requests of random lengths that come at random times, about `rate` of them in a second.
func randomTrace(
    _ count: Int, seed: UInt64, rate: Double = 20, prompt: ClosedRange<Int> = 1...60,
    output: ClosedRange<Int> = 1...20, tenants: Int = 3
) -> Trace {
    var random = SeededRandom(seed: seed)
    var time = 0.0
    let requests = (0..<count).map { _ in
        time += random.exponential() / rate
        return TraceRequest(
            arrival: .nanoseconds(Int64(time * 1e9)), promptTokens: random.integer(in: prompt),
            outputTokens: random.integer(in: output),
            tenant: "tenant-\(random.integer(in: 1...tenants))")
    }
    return Trace(name: "random", requests: requests)
}

/// Milliseconds as a simulation counts them.
func ms(_ count: Int64) -> Int64 { count * 1_000_000 }
