/// Questions after examples: all questions of a task share its examples.
struct FewShotWorkload {
    private let requests: Int
    private let tasks: Int
    private let shots: Lengths
    private let question: Lengths
    private let output: Lengths

    init(_ settings: inout WorkloadSettings) throws(TraceError) {
        requests = try settings.count("requests", 500, in: 1...SimulationLimits.workloadRequests)
        tasks = try settings.count("tasks", 4, in: 1...SimulationLimits.tenants)
        shots = try settings.lengths("shots", .constant(1200))
        question = try settings.lengths("question", .lognormal(mean: 60, variation: 0.5))
        output = try settings.lengths("output", .constant(20))
    }

    func draw(
        _ common: CommonSettings, _ random: inout SeededRandom
    ) throws(TraceError) -> [TraceRequest] {
        var arrivals = common.arrivals
        var ids = BlockIDs()
        let examples = (0..<tasks).map { _ in
            var text = SharedText()
            text.append(shots.count(&random), &ids)
            return text
        }
        return try (0..<requests).map { _ throws(TraceError) in
            var text = examples[random.integer(in: 0...tasks - 1)]
            text.append(question.count(&random), &ids)
            return TraceRequest(
                arrival: try arrivals.next(&random), promptTokens: text.tokens,
                outputTokens: output.count(&random), tenant: common.tenant(&random),
                blocks: text.blocks(&ids))
        }
    }
}
