import FakeExecutor
import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `Several answers to a prompt` {
    private static let prompt: [TokenID] = [4, 8, 15, 16, 23, 2, 19, 7, 7, 1, 0]
    private static let sampled: SamplingParameters = {
        var parameters = SamplingParameters(
            temperature: 1, maxTokens: 14, topK: 20, topP: 0.95, seed: 42, logprobs: 2)
        parameters.n = 4
        return parameters
    }()

    /// The tokens of one branch, computed one after another without any fork: logits of the model
    /// for the whole sequence so far, and the sampler with the branch's random stream.
    private func reference(
        _ prompt: [TokenID], _ parameters: SamplingParameters, branch: Int
    ) throws -> [TokenID] {
        var tokens: [TokenID] = []
        var sampler = Sampler()
        var probe = SamplingParameters(maxTokens: 1, logprobs: -1)
        probe.logprobsMode = .rawLogits
        while tokens.count < parameters.maxTokens ?? 0, tokens.last != TinyModel.end {
            let answer = try TinyModel().llm.generate([prompt + tokens], probe)[0]
            let top = try #require(answer.logprobs?.first?.top)
            var logits = [Float](repeating: 0, count: top.count)
            for entry in top { logits[Int(entry.token.rawValue)] = Float(entry.logprob) }
            tokens.append(
                try sampler.sample(
                    logits.span, parameters, generated: tokens, seed: parameters.seed ?? 0,
                    branch: UInt64(branch), position: prompt.count + tokens.count))
        }
        return tokens
    }

    /// G6
    @Test func `come in the order of their choices, each as if it were alone`() throws {
        let model = try TinyModel()
        let answers = try model.llm.generate([Self.prompt], Self.sampled)
        #expect(answers.map(\.choice) == [0, 1, 2, 3])
        for answer in answers {
            #expect(
                try answer.tokens == reference(Self.prompt, Self.sampled, branch: answer.choice))
            #expect(answer.logprobs?.map(\.token) == answer.tokens)
            #expect(answer.promptTokens == Self.prompt)
            #expect(answer.seed == 42)
        }
        #expect(Set(answers.map(\.tokens)).count == 4)
        #expect(model.isClean)

        var one = Self.sampled
        one.n = 1
        let alone = try TinyModel().llm.generate([Self.prompt], one)
        #expect(Answer(alone[0]) == Answer(answers[0]))
        var other = Self.sampled
        other.seed = 43
        let others = try TinyModel().llm.generate([Self.prompt], other)
        #expect(others.map(\.tokens) != answers.map(\.tokens))
        let again = try TinyModel().llm.generate([Self.prompt], Self.sampled)
        #expect(again.map(Answer.init) == answers.map(Answer.init))
    }

    @Test func `are the same in any batch, pool and chunk, preempted or not`() throws {
        let prompts = TinyModel.prompts(5, seed: 50, lengths: 1...40)
        let expected = try prompts.map {
            try TinyModel().llm.generate([$0], Self.sampled).map(Answer.init)
        }
        for (running, block, chunk, sequences, every) in [
            (1, 4, 16, 1, 0), (1, 1, 3, 1, 3), (2, 16, 7, 1, 0), (3, 4, 64, 2, 2), (8, 4, 16, 1, 5),
            (8, 16, 64, 1, 1),
        ] {
            for (caching, slots) in [(true, 0), (false, 0), (true, 60)] {
                let model = try TinyModel(
                    blockSize: block, chunk: chunk, running: running, sequences: sequences
                ) { configuration in
                    configuration.cache.prefixCaching = caching
                    configuration.cache.hostSlots = slots
                    if every > 0 {
                        configuration.forcedPreemption = .init(
                            every: every, how: slots > 0 ? .swap : .recompute)
                    }
                }
                let results = model.llm.answers(
                    prompts.map { GenerationRequest(prompt: $0, parameters: Self.sampled) })
                let found = try results.map { try $0.get().map(Answer.init) }
                #expect(
                    found == expected, "\(running) \(block) \(chunk) \(every) \(caching) \(slots)")
                #expect(model.isClean)
            }
        }
    }

    @Test func `compute their prompt once`() throws {
        let prompt = TinyModel.prompts(1, seed: 5, lengths: 60...60)[0]
        var parameters = Self.sampled
        parameters.ignoreEOS = true
        let model = try TinyModel { $0.cache.prefixCaching = false }
        _ = try model.llm.generate([prompt], parameters)
        // Besides the prompt, every token but the last of each answer.
        let computed = model.executor.steps.joined().reduce(0) { $0 + $1.queryLength }
        #expect(computed == 60 + 4 * 13)
        #expect(model.llm.statistics.generatedTokens == 4 * 14)
        #expect(model.llm.statistics.promptTokens == 60)
    }

    @Test func `may end with their first tokens, some of them or all`() throws {
        let free = try TinyModel().llm.generate([Self.prompt], Self.sampled)
        for stops in [[0], [1], [0, 2], [0, 1, 2], [0, 1, 2, 3]] {
            var parameters = Self.sampled
            parameters.stopTokens = Set(stops.map { free[$0].tokens[0] })
            let model = try TinyModel(running: 2)
            let answers = try model.llm.generate([Self.prompt], parameters)
            for (answer, other) in zip(answers, free) {
                let end =
                    other.tokens.firstIndex { parameters.stopTokens.contains($0) }
                    ?? other.tokens.count - 1
                #expect(answer.tokens == Array(other.tokens[...end]))
            }
            #expect(model.isClean)
        }
        var single = Self.sampled
        single.maxTokens = 1
        let model = try TinyModel()
        let answers = try model.llm.generate([Self.prompt], single)
        #expect(answers.map(\.tokens) == free.map { [$0.tokens[0]] })
        #expect(answers.allSatisfy { $0.finishReason == .length || $0.finishReason == .stop })
        #expect(model.isClean)
    }

    /// G16
    @Test func `stream mixed, each with one end`() throws {
        var readings: [Int: Reading] = [:]
        let answers = try TinyModel(running: 2).llm.generate([Self.prompt], Self.sampled) { delta in
            #expect(readings[delta.choice]?.reasons.isEmpty != false, "a delta after the last")
            readings[delta.choice, default: Reading()].take(delta)
            return true
        }
        for answer in answers {
            let reading = try #require(readings[answer.choice])
            #expect(reading.text == answer.text)
            #expect(reading.tokens == answer.tokens)
            #expect(reading.completions == [answer])
        }
    }

    /// G16
    @Test func `that are ranked come all together when the last has ended, best first`() throws {
        var all = Self.sampled
        all.n = 6
        all.logprobs = 0
        let drawn = try TinyModel().llm.generate([Self.prompt], all)
        let scores = drawn.map { ($0.logprobs ?? []).reduce(0) { $0 + $1.logprob } }
        let order = drawn.indices.sorted { scores[$0] > scores[$1] }
        var best = Self.sampled
        best.n = 2
        best.bestOf = 6
        best.logprobs = nil
        for running in [1, 8] {
            let model = try TinyModel(running: running)
            var deltas: [GenerationDelta] = []
            let answers = try model.llm.generate([Self.prompt], best) { delta in
                deltas.append(delta)
                return true
            }
            #expect(answers.map(\.tokens) == order.prefix(2).map { drawn[$0].tokens })
            #expect(answers.map(\.choice) == [0, 1])
            #expect(deltas.map(\.choice) == [0, 1])
            #expect(deltas.map(\.text) == answers.map(\.text))
            #expect(deltas.map(\.completion) == answers)
            for (answer, branch) in zip(answers, order) {
                #expect(abs((answer.cumulativeLogprob ?? 0) - scores[branch]) < 1e-9)
            }
            #expect(model.isClean)
        }
    }

    @Test func `given up at the n-th delta leak nothing and disturb nobody`() throws {
        let bystander = GenerationRequest(prompt: [9, 9, 3], parameters: Self.sampled)
        let request = GenerationRequest(prompt: Self.prompt, parameters: Self.sampled)
        let alone = try TinyModel().llm.answers([bystander])[0].get().map(Answer.init)
        let full = try TinyModel().llm.answers([request])[0].get()
        for quitAfter in stride(from: 1, through: 40, by: 3) {
            for running in [1, 3, 8] {
                let model = try TinyModel(running: running, sequences: 1)
                var seen = 0
                let results = model.llm.answers(
                    [request, bystander],
                    onDelta: { delta in
                        guard delta.index == 0 else { return true }
                        seen += 1
                        return seen < quitAfter
                    })
                #expect(try results[1].get().map(Answer.init) == alone)
                for (answer, whole) in zip(try results[0].get(), full) {
                    #expect(whole.tokens.starts(with: answer.tokens))
                }
                #expect(model.isClean)
            }
        }
    }

    @Test func `and a failing step, whichever it is, end that request and leak nothing`() throws {
        let requests = TinyModel.prompts(3, seed: 2).map {
            GenerationRequest(prompt: $0, parameters: Self.sampled)
        }
        let expected = try requests.map { try TinyModel().llm.answers([$0])[0].get() }
        for step in 0..<25 {
            let model = try TinyModel(running: 5, sequences: 1)
            model.executor.failingStep = step
            for (index, result) in model.llm.answers(requests).enumerated() {
                switch result {
                case .success(let answers):
                    #expect(answers.map(Answer.init) == expected[index].map(Answer.init))
                case .failure(let error): #expect(error.code == .executorFailed)
                }
            }
            #expect(model.isClean)
            let again = model.llm.answers(requests)
            #expect(
                try again.map { try $0.get().map(Answer.init) }
                    == expected.map { $0.map(Answer.init) })
        }
    }
}
