import Scheduling

/// What the engine counts itself, beside what the scheduler does.
struct EngineCounters {
    var promptTokens = 0
    var cachedPromptTokens = 0
    var generatedTokens = 0
    var finished: [FinishReason: Int] = [:]
    var failedSteps = 0
    var window = HitRateWindow()

    private var queries = 0
    private var queriedTokens = 0
    private var hitTokens = 0
    private var tokensBefore = 0

    /// Counts an answer's first token: what its prompt cost is known now, and not before.
    mutating func countPrompt(tokens: Int, cached: Int) {
        promptTokens += tokens
        cachedPromptTokens += max(0, cached)
    }

    mutating func countEnds(_ reasons: [FinishReason]) {
        for reason in reasons { finished[reason, default: 0] += 1 }
    }

    /// Tokens of prompts and answers that were counted since the last call.
    mutating func takeStepTokens() -> Int {
        let tokens = promptTokens + generatedTokens
        defer { tokensBefore = tokens }
        return tokens - tokensBefore
    }

    /// Takes what the scheduler looked up since the last call into the window.
    mutating func observe(_ statistics: SchedulerStatistics) {
        window.observe(
            requests: statistics.prefixQueries - queries,
            queries: statistics.queriedTokens - queriedTokens,
            hits: statistics.hitTokens - hitTokens)
        queries = statistics.prefixQueries
        queriedTokens = statistics.queriedTokens
        hitTokens = statistics.hitTokens
    }
}
