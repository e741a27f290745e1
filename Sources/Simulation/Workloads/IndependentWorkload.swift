/// Requests that have nothing in common.
struct IndependentWorkload {
    private let requests: Int
    private let prompt: Lengths
    private let output: Lengths
    private let longest: Int

    /// Unless told otherwise they have the means of the prompts and answers of ShareGPT (Kwon et
    /// al., SOSP 2023, figure 11). `longest` bounds prompt and answer together: longer ones are
    /// drawn again.
    init(_ settings: inout WorkloadSettings) throws(TraceError) {
        requests = try settings.count("requests", 1000, in: 1...SimulationLimits.workloadRequests)
        prompt = try settings.lengths("prompt", .lognormal(mean: 161, variation: 1.5))
        output = try settings.lengths("output", .lognormal(mean: 338, variation: 1))
        longest = try settings.count("longest", 2048, in: 2...SimulationLimits.requestTokens)
    }

    func draw(
        _ common: CommonSettings, _ random: inout SeededRandom
    ) throws(TraceError) -> [TraceRequest] {
        var arrivals = common.arrivals
        return try (0..<requests).map { _ throws(TraceError) in
            let (prompt, output) = lengths(&random)
            return TraceRequest(
                arrival: try arrivals.next(&random), promptTokens: prompt, outputTokens: output,
                tenant: common.tenant(&random))
        }
    }

    private func lengths(_ random: inout SeededRandom) -> (Int, Int) {
        for _ in 0..<SimulationLimits.redraws {
            let (prompt, output) = (prompt.count(&random), output.count(&random))
            if prompt + output <= longest { return (prompt, output) }
        }
        // Lengths that hardly ever fit are cut.
        let cut = min(prompt.count(&random), longest - 1)
        return (cut, min(output.count(&random), longest - cut))
    }
}
