/// Conversations: each turn's prompt is all that was said before, and a new message.
///
/// All conversations begin with the same system prompt. A turn comes `think` seconds after the one
/// before it was answered, where an answer takes `pace` seconds a token: the trace is open, it does
/// not wait for the simulated service.
struct ChatWorkload {
    private let sessions: Int
    private let turns: Lengths
    private let system: Int
    private let user: Lengths
    private let output: Lengths
    private let think: Lengths
    private let pace: Double

    init(_ settings: inout WorkloadSettings) throws(TraceError) {
        sessions = try settings.count("sessions", 100, in: 1...SimulationLimits.workloadRequests)
        turns = try settings.lengths("turns", .uniform(1, 8))
        system = try settings.count("system", 200, in: 0...SimulationLimits.requestTokens)
        user = try settings.lengths("user", .lognormal(mean: 60, variation: 1))
        output = try settings.lengths("output", .lognormal(mean: 200, variation: 1))
        think = try settings.lengths("think", .exponential(mean: 20))
        pace = try settings.number("pace", 0.02, in: SimulationLimits.workloadSeconds)
    }

    func draw(
        _ common: CommonSettings, _ random: inout SeededRandom
    ) throws(TraceError) -> [TraceRequest] {
        var arrivals = common.arrivals
        var ids = BlockIDs()
        var start = SharedText()
        start.append(system, &ids)
        var requests: [TraceRequest] = []
        for _ in 0..<sessions {
            var text = start
            var time = try arrivals.next(&random)
            let tenant = common.tenant(&random)
            for _ in 0..<turns.count(&random) {
                text.append(user.count(&random), &ids)
                let answer = output.count(&random)
                requests.append(
                    TraceRequest(
                        arrival: time, promptTokens: text.tokens, outputTokens: answer,
                        tenant: tenant, blocks: text.blocks(&ids)))
                text.append(answer, &ids)
                time += try Workload.moment(Double(answer) * pace + think.draw(&random))
                guard requests.count <= SimulationLimits.workloadRequests,
                    text.tokens <= SimulationLimits.requestTokens
                else { throw Workload.tooMany }
            }
        }
        return requests
    }
}
