import FakeExecutor
import Foundation
import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing
import Tokenization

/// A plain beam search over a function, by the definition in `BeamSearch`'s documentation.
private struct ReferenceSearch {
    let search: BeamSearch
    let limit: Int
    let ends: Set<TokenID>
    let next: ([TokenID]) throws -> [Double]

    typealias Scored = (tokens: [TokenID], sum: Double)

    func rank(_ answer: Scored) -> Double {
        answer.sum / pow(Double(answer.tokens.count), search.lengthPenalty)
    }

    func run() throws -> [Scored] {
        var beams: [Scored] = [([], 0)]
        var answers: [Scored] = []
        for length in 1...limit {
            var continuations: [(beam: Int, token: TokenID, sum: Double)] = []
            for (number, beam) in beams.enumerated() {
                let logprobs = try next(beam.tokens)
                let likeliest = logprobs.indices.sorted {
                    (-logprobs[$0], $0) < (-logprobs[$1], $1)
                }
                for token in likeliest.prefix(2 * search.width) {
                    continuations.append(
                        (number, TokenID(UInt32(token)), beam.sum + logprobs[token]))
                }
            }
            continuations.sort { ($0.sum, $1.beam, $1.token) > ($1.sum, $0.beam, $0.token) }
            var successors: [Scored] = []
            for (place, one) in continuations.enumerated() where successors.count < search.width {
                let tokens = beams[one.beam].tokens + [one.token]
                if !ends.contains(one.token) {
                    successors.append((tokens, one.sum))
                } else if place < search.width {
                    answers.append((tokens, one.sum))
                }
            }
            beams = successors
            if length == limit { answers += beams }
            answers.sort { rank($0) > rank($1) }
            answers = Array(answers.prefix(search.width))
            if beams.isEmpty { break }
            guard answers.count == search.width else { continue }
            if search.earlyStopping { break }
            let far = search.lengthPenalty > 0 ? limit : length
            if beams[0].sum / pow(Double(far), search.lengthPenalty)
                <= rank(answers[search.width - 1])
            {
                break
            }
        }
        return answers
    }
}

@Suite struct `A beam search` {
    private static let searches = [
        BeamSearch(width: 1), BeamSearch(width: 2), BeamSearch(width: 4),
        BeamSearch(width: 4, lengthPenalty: 0), BeamSearch(width: 3, lengthPenalty: 2.5),
        BeamSearch(width: 3, lengthPenalty: -1), BeamSearch(width: 4, earlyStopping: true),
        BeamSearch(width: 16, lengthPenalty: 0.5),
    ]

    private func request(
        _ prompt: [TokenID], _ search: BeamSearch, maxTokens: Int = 10, n: Int? = nil
    ) -> GenerationRequest {
        var parameters = SamplingParameters(maxTokens: maxTokens)
        parameters.n = n ?? search.width
        var request = GenerationRequest(prompt: prompt, parameters: parameters)
        request.beam = search
        return request
    }

    private func reference(
        _ prompt: [TokenID], _ search: BeamSearch, maxTokens: Int = 10
    ) throws -> [ReferenceSearch.Scored] {
        let model = try TinyModel()
        let probe = SamplingParameters(maxTokens: 1, logprobs: -1)
        return try ReferenceSearch(search: search, limit: maxTokens, ends: [TinyModel.end]) {
            tokens in
            let answer = try model.llm.generate([prompt + tokens], probe)[0]
            var logprobs = [Double](repeating: -.infinity, count: 32)
            for entry in answer.logprobs?.first?.top ?? [] {
                logprobs[Int(entry.token.rawValue)] = entry.logprob
            }
            return logprobs
        }.run()
    }

    @Test(arguments: searches)
    func `finds what a plain search finds`(search: BeamSearch) throws {
        for prompt in TinyModel.prompts(4, seed: 12, lengths: 1...20) {
            let expected = try reference(prompt, search)
            let model = try TinyModel()
            let answers = try model.llm.answers([request(prompt, search)])[0].get()
            #expect(answers.map(\.tokens) == expected.map(\.tokens))
            #expect(answers.map(\.cumulativeLogprob) == expected.map(\.sum))
            #expect(answers.map(\.choice) == Array(0..<answers.count))
            for answer in answers {
                let ended = answer.tokens.last == TinyModel.end
                #expect(answer.finishReason == (ended ? .stop : .length))
                #expect(
                    answer.text
                        == model.llm.tokenizer.decode(
                            answer.tokens.filter { $0 != TinyModel.end }))
            }
            #expect(model.isClean)
        }
    }

    @Test func `of one beam is the greedy answer`() throws {
        for prompt in TinyModel.prompts(5, seed: 3, lengths: 2...30) {
            let greedy = try TinyModel().llm.generate([prompt], SamplingParameters(maxTokens: 12))
            let model = try TinyModel()
            let found = model.llm.answers(
                [request(prompt, BeamSearch(width: 1, earlyStopping: true), maxTokens: 12)])
            #expect(try found[0].get().map(\.tokens) == greedy.map(\.tokens))
        }
    }

    @Test func `finds the same in any batch, pool and chunk, preempted or not, in any company`()
        throws
    {
        let prompts = TinyModel.prompts(3, seed: 18, lengths: 1...40)
        let requests =
            prompts.map { request($0, BeamSearch(width: 4)) }
            + prompts.map {
                GenerationRequest(
                    prompt: $0, parameters: SamplingParameters(maxTokens: 15, ignoreEOS: true))
            }
        let expected = try requests.map {
            try TinyModel().llm.answers([$0])[0].get().map(Answer.init)
        }
        for (running, block, chunk, sequences, every) in [
            (1, 4, 16, 1, 0), (1, 1, 3, 1, 3), (2, 16, 7, 1, 0), (3, 4, 64, 2, 2), (8, 4, 16, 1, 5),
            (8, 16, 64, 1, 1),
        ] {
            for (caching, slots) in [(true, 0), (false, 0), (true, 60)] {
                for admission in [AdmissionPolicy.watermark, .reserve] {
                    let model = try TinyModel(
                        blockSize: block, chunk: chunk, running: running,
                        sequences: admission == .reserve ? 6 : sequences
                    ) { configuration in
                        configuration.cache.prefixCaching = caching
                        configuration.admission = admission
                        configuration.cache.hostSlots = slots
                        if every > 0 {
                            configuration.forcedPreemption = .init(
                                every: every, how: slots > 0 ? .swap : .recompute)
                        }
                    }
                    let found = try model.llm.answers(requests).map {
                        try $0.get().map(Answer.init)
                    }
                    #expect(
                        found == expected,
                        "\(running) \(block) \(chunk) \(every) \(caching) \(slots)")
                    #expect(model.isClean)
                }
            }
        }
    }

    @Test func `computes the prompt once and shares it`() throws {
        let prompt = TinyModel.prompts(1, seed: 5, lengths: 60...60)[0]
        let model = try TinyModel(running: 4) { $0.cache.prefixCaching = false }
        var search = request(prompt, BeamSearch(width: 4))
        search.parameters.ignoreEOS = true
        _ = try model.llm.answers([search])[0].get()
        let computed = model.executor.steps.joined().reduce(0) { $0 + $1.queryLength }
        #expect(computed == 60 + 4 * 9)
    }

    @Test func `that is given up after any step, or whose step fails, leaks nothing`() throws {
        let prompts = TinyModel.prompts(2, seed: 44, lengths: 10...30)
        let requests = [
            request(prompts[0], BeamSearch(width: 4)),
            GenerationRequest(prompt: prompts[1], parameters: SamplingParameters(maxTokens: 8)),
        ]
        let expected = try requests.map {
            try TinyModel().llm.answers([$0])[0].get().map(Answer.init)
        }
        for step in 0..<14 {
            for running in [1, 3, 8] {
                let model = try TinyModel(running: running, sequences: 1)
                model.executor.failingStep = step
                for (result, answers) in zip(model.llm.answers(requests), expected) {
                    switch result {
                    case .success(let found): #expect(found.map(Answer.init) == answers)
                    case .failure(let error): #expect(error.code == .executorFailed)
                    }
                }
                #expect(model.isClean, "step \(step) of \(running)")
                model.executor.failingStep = nil
                var steps = 0
                let given = model.llm.answers(
                    requests,
                    isCancelled: {
                        steps += 1
                        return steps > step
                    })
                #expect(try given.allSatisfy { try !$0.get().isEmpty })
                #expect(model.isClean, "step \(step) of \(running)")
                let again = try model.llm.answers(requests).map { try $0.get().map(Answer.init) }
                #expect(again == expected)
            }
        }
    }

    @Test func `answers online, all at once`() async throws {
        let search = request([3, 1, 4, 1, 5], BeamSearch(width: 3), n: 2)
        let expected = try TinyModel().llm.answers([search])[0].get().map(Answer.init)
        let model = try await OnlineModel()
        var deltas: [GenerationDelta] = []
        for try await delta in try model.engine.submit(search) { deltas.append(delta) }
        #expect(deltas.compactMap(\.completion).map(Answer.init) == expected)
        #expect(deltas.map(\.choice) == [0, 1])
        #expect(await model.isCleanAtEnd())
    }

    @Test func `refuses what it does not know`() throws {
        let model = try TinyModel()
        var bad = [
            request([1], BeamSearch(width: 0), n: 1), request([1], BeamSearch(width: 1 << 20)),
            request([1], BeamSearch(width: 2, lengthPenalty: .nan)),
            request([1], BeamSearch(width: 2), n: 3), request([1], BeamSearch(width: 2)),
            request([1], BeamSearch(width: 2)), request([1], BeamSearch(width: 2)),
        ]
        bad[4].parameters.temperature = 1
        bad[5].parameters.stop = ["x"]
        bad[6].adapter = "lora"
        for result in model.llm.answers(bad) {
            let error = #expect(throws: EngineError.self) { try result.get() }
            #expect(error?.code == .invalidParameters)
        }
    }
}
