import FakeExecutor
import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

/// B.5: a draft is accepted if and only if it is the token that the model draws in its place.
@Suite struct `Answers with drafts` {
    private static let prompts = TinyModel.prompts(4, seed: 31, lengths: 3...30)

    private static let kinds: [SamplingParameters] = {
        var penalized = SamplingParameters(
            temperature: 1, maxTokens: 24, seed: 3, logprobs: 2, ignoreEOS: true)
        penalized.presencePenalty = 1.5
        penalized.repetitionPenalty = 1.3
        var several = SamplingParameters(temperature: 1, maxTokens: 15, seed: 8)
        several.n = 3
        var best = SamplingParameters(temperature: 1, maxTokens: 15, seed: 8)
        best.bestOf = 3
        return [
            SamplingParameters(maxTokens: 25, logprobs: 3),
            SamplingParameters(temperature: 1, maxTokens: 25, topK: 12, topP: 0.9, seed: 5),
            SamplingParameters(temperature: 1, maxTokens: 40, seed: 6, stop: ["e"]),
            penalized, several, best,
        ]
    }()

    private func requests(_ parameters: SamplingParameters) -> [GenerationRequest] {
        Self.prompts.map { GenerationRequest(prompt: $0, parameters: parameters) }
    }

    private func answers(
        _ requests: [GenerationRequest], _ drafter: ScriptedDrafter?, in model: TinyModel
    ) throws -> [[Answer]] {
        model.llm.drafter = drafter
        let answers = try model.llm.answers(requests).map { try $0.get().map(Answer.init) }
        #expect(model.isClean)
        return answers
    }

    @Test(arguments: kinds.indices)
    func `are the same, whatever was drafted`(kind: Int) throws {
        let requests = requests(Self.kinds[kind])
        let plain = try TinyModel()
        let expected = try answers(requests, nil, in: plain)
        let scripts = zip(requests, expected).flatMap { request, answers in
            answers.map { request.prompt + $0.tokens }
        }
        for right in 0...5 {
            for (blockSize, running, caching) in [(4, 8, true), (1, 2, false), (16, 3, true)] {
                let model = try TinyModel(blockSize: blockSize, running: running, outputs: 32) {
                    $0.cache.prefixCaching = caching
                }
                let drafted = try answers(
                    requests, ScriptedDrafter(scripts: scripts, right: right), in: model)
                #expect(drafted == expected, "\(right) right, blocks of \(blockSize)")
                let counts = model.llm.statistics.scheduling
                #expect(counts.draftTokens > 0)
                #expect((counts.acceptedDrafts > 0) == (right > 0))
            }
        }
    }

    @Test func `that are told at their end are computed without`() throws {
        var parameters = SamplingParameters(maxTokens: 25, ignoreEOS: true)
        parameters.detokenize = false
        var requests = requests(parameters)
        let expected = try answers(requests, nil, in: TinyModel())
        let scripts = zip(requests, expected).map { $0.prompt + $1[0].tokens }
        for index in requests.indices { requests[index].tellsTokens = false }
        let model = try TinyModel(outputs: 32)
        let drafter = ScriptedDrafter(scripts: scripts, right: 5)
        #expect(try answers(requests, drafter, in: model) == expected)
        #expect(model.llm.statistics.scheduling.draftTokens == 0)
    }

    @Test func `take fewer steps when the drafts are right`() throws {
        let requests = [requests(Self.kinds[0])[0]]
        let plain = try TinyModel(outputs: 32)
        let expected = try answers(requests, nil, in: plain)
        let model = try TinyModel(outputs: 32)
        let script = requests[0].prompt + expected[0][0].tokens
        _ = try answers(requests, ScriptedDrafter(scripts: [script], right: 5), in: model)
        let (fast, slow) = (
            model.llm.statistics.scheduling.steps, plain.llm.statistics.scheduling.steps
        )
        #expect(fast < slow / 2, "\(fast) of \(slow) steps")
    }

    @Test func `survive preemptions and a step that fails`() throws {
        let requests = requests(Self.kinds[1])
        let expected = try answers(requests, nil, in: try TinyModel())
        let scripts = zip(requests, expected).map { $0.prompt + $1[0].tokens }
        for method in [Preemption.Method.recompute, .swap] {
            let model = try TinyModel(outputs: 32, sequences: 1) {
                $0.cache.hostSlots = method == .swap ? 40 : 0
                $0.forcedPreemption = .init(every: 3, how: method)
            }
            let drafter = ScriptedDrafter(scripts: scripts, right: 2)
            #expect(try answers(requests, drafter, in: model) == expected)
        }
        for step in 0..<12 {
            let model = try TinyModel(outputs: 32)
            model.executor.failingStep = step
            model.llm.drafter = ScriptedDrafter(scripts: scripts, right: 2)
            for (result, whole) in zip(model.llm.answers(requests), expected) {
                if case .success(let answers) = result {
                    #expect(answers.map(Answer.init) == whole)
                }
            }
            #expect(model.isClean)
        }
    }

    @Test func `of a stream are the same too`() async throws {
        let requests = requests(Self.kinds[1])
        let expected = try answers(requests, nil, in: try TinyModel())
        let scripts = zip(requests, expected).map { $0.prompt + $1[0].tokens }
        let planner = KVPlanner(
            geometry: KVGeometry(spans: [.full, .slidingWindow(9)], kvHeads: 1, headDim: 2),
            blockSize: 4, maxModelLength: 128, maxChunk: 16)
        let layout = try planner.plan(sequences: 3)
        let loop = try EngineLoop(
            executor: HashExecutor(layout: layout), tokenizer: TinyModel.tokenizer(),
            layout: layout,
            configuration: SchedulerConfiguration(
                maxStepTokens: 64, maxStepOutputs: 64, maxChunk: 16, maxRunning: 4),
            clock: { .zero })
        loop.drafter = ScriptedDrafter(scripts: scripts, right: 3)
        let streams = try requests.map { try loop.submit($0) }
        while loop.turn(now: .zero) == EngineWait.none {}
        for (stream, whole) in zip(streams, expected) {
            let reading = try await Reading.all(stream)
            #expect(reading.completions.map(Answer.init) == whole)
            #expect(reading.tokens == whole[0].tokens)
        }
        #expect(loop.statistics.scheduling.acceptedDrafts > 0)
    }
}
