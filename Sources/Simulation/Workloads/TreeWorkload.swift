/// Trees of thought (Yao et al., 2023): every thought of a level is continued by several of the
/// next, and all share what leads to them.
///
/// The requests of a level come together, when the one before it is answered at `pace` seconds a
/// token.
struct TreeWorkload {
    private let problems: Int
    private let prompt: Lengths
    private let thought: Lengths
    private let branches: Int
    private let depth: Int
    private let pace: Double

    init(_ settings: inout WorkloadSettings) throws(TraceError) {
        problems = try settings.count("problems", 20, in: 1...SimulationLimits.workloadRequests)
        prompt = try settings.lengths("prompt", .constant(300))
        thought = try settings.lengths("thought", .constant(80))
        branches = try settings.count("branches", 3, in: 1...64)
        depth = try settings.count("depth", 3, in: 1...16)
        pace = try settings.number("pace", 0.02, in: SimulationLimits.workloadSeconds)
    }

    func draw(
        _ common: CommonSettings, _ random: inout SeededRandom
    ) throws(TraceError) -> [TraceRequest] {
        // The sum over the levels of one problem, before anything is drawn.
        var (count, width) = (0, 1)
        for _ in 0..<depth where count <= SimulationLimits.workloadRequests {
            width *= branches
            count += width
        }
        guard count <= SimulationLimits.workloadRequests / problems else { throw Workload.tooMany }
        var arrivals = common.arrivals
        var ids = BlockIDs()
        var requests: [TraceRequest] = []
        for _ in 0..<problems {
            var root = SharedText()
            root.append(prompt.count(&random), &ids)
            var time = try arrivals.next(&random)
            let tenant = common.tenant(&random)
            var level = [root]
            for _ in 0..<depth {
                var next: [SharedText] = []
                var longest = 0
                for text in level {
                    for _ in 0..<branches {
                        let answer = thought.count(&random)
                        requests.append(
                            TraceRequest(
                                arrival: time, promptTokens: text.tokens, outputTokens: answer,
                                tenant: tenant, blocks: text.blocks(&ids)))
                        var longer = text
                        longer.append(answer, &ids)
                        next.append(longer)
                        longest = max(longest, answer)
                    }
                }
                level = next
                time += try Workload.moment(Double(longest) * pace)
            }
        }
        return requests
    }
}
