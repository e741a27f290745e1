import QuireEngine
import QuireIdentifiers
import QuireKit

/// What one arm did with the requests.
struct CompareRun {
    /// From the first step to the last answer.
    var seconds = 0.0
    /// Requests that were answered.
    var requests = 0
    /// Tokens that were generated.
    var tokens = 0
    /// The answers by their requests' numbers, as far as they were generated.
    var answers: [Int: [TokenID]] = [:]
    /// Until each request had its first token, in seconds, all having come at the start.
    var firstTokens: [Double] = []
    /// Times of steps in which answers gained a token after their first, each with how many did.
    var steps: [(seconds: Double, tokens: Int)] = []
    /// All steps.
    var stepCount = 0
    /// Sums over steps: requests that ran, slots that their blocks had, tokens that they held.
    var running = 0
    var allocated = 0
    var stored = 0
    /// Preemptions, and tokens of prompts that were found in the cache.
    var preemptions = 0
    var cachedTokens = 0

    /// The time between tokens that a share of the tokens did not exceed, in seconds.
    func interTokenLatency(_ share: Double) -> Double? {
        let sorted = steps.sorted { $0.seconds < $1.seconds }
        let rank = Int((share * Double(sorted.reduce(0) { $0 + $1.tokens })).rounded(.up))
        var seen = 0
        for step in sorted {
            seen += step.tokens
            if seen >= rank { return step.seconds }
        }
        return nil
    }

    /// Takes note of a step in which answers gained `tokens`, `firsts` of them their first.
    mutating func note(seconds: Double, tokens: Int, firsts: Int) {
        stepCount += 1
        guard tokens > firsts else { return }
        steps.append((seconds: seconds, tokens: tokens - firsts))
    }

    /// Answers all requests, waiting from the start.
    static func measure(
        _ load: CompareLoad, _ llm: LLM, count: Int, until deadline: Duration? = nil,
        onWindow: (Duration, Int) -> Void = { _, _ in }
    ) throws -> CompareRun {
        var run = CompareRun()
        var given = 0
        let clock = ContinuousClock()
        let start = clock.now
        var last = start
        var begun = llm.begunRequests
        let blockSize = llm.layout.blockSize
        func isOver() -> Bool { deadline.map { clock.now - start >= $0 } ?? false }
        try llm.feed(
            inFlight: count,
            next: { () throws(EngineError) -> GenerationRequest? in
                guard deadline == nil ? given < count : !isOver() else { return nil }
                defer { given += 1 }
                return load.request(given)
            },
            isCancelled: isOver,
            onStep: { tokens in
                let now = clock.now
                let firsts = llm.begunRequests - begun
                begun += firsts
                run.tokens += tokens
                run.note(seconds: (now - last).seconds, tokens: tokens, firsts: firsts)
                last = now
                let statistics = llm.statistics.scheduling
                run.running += statistics.running
                run.allocated += statistics.usedBlocks * blockSize
                run.stored += llm.runningTokens
                onWindow(now - start, run.tokens)
            },
            onAnswer: { (index, result) throws(EngineError) in
                run.requests += 1
                for completion in try result.get() {
                    run.answers[index] = completion.tokens
                    if let first = completion.timeline.firstToken {
                        run.firstTokens.append((first - completion.timeline.queued).seconds)
                    }
                }
            })
        run.seconds = (clock.now - start).seconds
        run.preemptions = llm.statistics.scheduling.preemptionCount
        run.cachedTokens = llm.statistics.cachedPromptTokens
        return run
    }

    /// Computes the first `tokens` tokens of some answers, each from all the tokens before it.
    ///
    /// The cache is on and finds nothing: every token is a request of its own for one token.
    static func withoutCache(
        _ load: CompareLoad, _ llm: LLM, requests: Int, tokens: Int
    ) throws -> CompareRun {
        var run = CompareRun()
        let clock = ContinuousClock()
        let start = clock.now
        var texts = (0..<requests).map { load.prompt($0) }
        for step in 0..<tokens {
            let begun = clock.now
            let parameters = SamplingParameters(maxTokens: 1, ignoreEOS: true)
            let asked = texts.map { GenerationRequest(prompt: $0, parameters: parameters) }
            var waiting = asked.makeIterator()
            try llm.feed(
                inFlight: requests, next: { () throws(EngineError) in waiting.next() },
                onAnswer: { (index, result) throws(EngineError) in
                    for completion in try result.get() {
                        texts[index] += completion.tokens
                        run.answers[index, default: []] += completion.tokens
                        run.tokens += completion.tokens.count
                    }
                })
            let seconds = (clock.now - begun).seconds
            if step == 0 {
                run.firstTokens = Array(repeating: seconds, count: requests)
            } else {
                run.steps.append((seconds: seconds, tokens: requests))
            }
        }
        run.requests = requests
        run.seconds = (clock.now - start).seconds
        return run
    }
}
