import QuireEngine
import QuireIdentifiers
import Scheduling
import Tensors
import Tokenization

/// Sequences of one length that are answered together, over and over.
struct GenerationBench {
    /// One repetition, in seconds.
    struct Pass {
        /// Until every sequence had its first token.
        var prefill = 0.0
        /// Until each sequence had its first token, by the engine's own record.
        var firstTokens: [Double] = []
        /// The steps in which every sequence gained a token and none computed its prompt.
        var steps: [Double] = []
        /// Where the time until then went.
        var prefillParts = PartTimes()
        /// Where the time of those steps went, if it was asked for.
        var stepParts = PartTimes()
    }

    let session: ModelSession
    let options: GenerationOptions
    let batch: Int

    /// What all passes showed.
    struct Result {
        /// The measured passes.
        var passes: [Pass] = []
        /// What the machine could do around each pass.
        var limits: [MachineLimits] = []
        /// Bytes that were resident, before the machine's limits were measured, which takes memory.
        var resident: Int?
        /// The most of them.
        var peak: Int?
        /// Those of them that lay in huge pages.
        var huge: Int?

        /// Takes note of what is resident.
        mutating func noteMemory() {
            (resident, peak, huge) = (
                ProcessMemory.resident, ProcessMemory.peak, ProcessMemory.huge
            )
        }
    }

    /// Runs all passes. The limits are measured before and after each: a virtual machine may be
    /// moved by its host in between, and then have half of them, or twice.
    func run(threads: Int) throws -> Result {
        var result = Result()
        for repetition in 0..<options.warmUp { _ = try pass(repetition) }
        result.noteMemory()
        var before = try MachineLimits.measure(threads: threads)
        for repetition in options.warmUp..<options.warmUp + options.repetitions {
            result.passes.append(try pass(repetition))
            if options.warmUp == 0, repetition == 0 {
                result.noteMemory()
            }
            let after = try MachineLimits.measure(threads: threads)
            result.limits.append(before.joined(after))
            before = after
        }
        return result
    }

    private func pass(_ repetition: Int) throws -> Pass {
        // A context is there to be found again; prompts are new unless they may be found.
        let seed = options.context == nil && !options.prefixCache ? repetition : 0
        let requests = (0..<batch).map { sequence in
            GenerationRequest(
                prompt: tokens(seed: seed * batch + sequence),
                parameters: SamplingParameters(maxTokens: options.outputLength, ignoreEOS: true))
        }
        var pass = Pass()
        // A clock that is read between all parts costs a decode step 0.1 %, and a prefill nothing.
        let profile = StepProfile()
        session.profile(profile)
        defer { session.profile(nil) }
        var waiting = requests.makeIterator()
        let clock = ContinuousClock()
        let start = clock.now
        var last = start
        var isFull = false
        profile.reset()
        try session.llm.feed(
            inFlight: batch, next: { () throws(EngineError) in waiting.next() },
            onStep: { tokens in
                let now = clock.now
                if tokens == batch {
                    // The last first token comes with the first step in which all gain one.
                    if isFull {
                        pass.steps.append((now - last).seconds)
                    } else {
                        pass.prefill = (now - start).seconds
                        isFull = true
                        pass.prefillParts = PartTimes(profile)
                        profile.reset()
                        if !options.profile { session.profile(nil) }
                    }
                }
                last = now
            },
            onAnswer: { (_, result) throws(EngineError) in
                for completion in try result.get() {
                    let timeline = completion.timeline
                    guard let first = timeline.firstToken else { continue }
                    pass.firstTokens.append((first - timeline.queued).seconds)
                }
            })
        if options.profile { pass.stepParts = PartTimes(profile) }
        return pass
    }

    /// Drawn tokens, the same for a seed: no two sequences begin alike.
    private func tokens(seed: Int) -> [TokenID] {
        var state = UInt64(seed + 1) &* 0x9E37_79B9_7F4A_7C15
        let size = UInt64(session.tokenizer.vocabularySize)
        return (0..<options.start).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            // The first and last tokens of a vocabulary are often special.
            return TokenID(UInt32(size / 4 + (state >> 16) % max(1, size / 2)))
        }
    }
}
