import FakeExecutor
import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `When something goes wrong` {
    private static let prompts = TinyModel.prompts(5, seed: 17, lengths: 5...30)
    private static let parameters = SamplingParameters(maxTokens: 8, ignoreEOS: true)
    private static var requests: [GenerationRequest] {
        prompts.map { GenerationRequest(prompt: $0, parameters: parameters) }
    }

    private func alone() throws -> [Answer] {
        try Self.prompts.map {
            Answer(try TinyModel().llm.generate([$0], Self.parameters)[0])
        }
    }

    @Test func `a bad request fails alone and at once`() throws {
        let model = try TinyModel(length: 64)
        var requests = Self.requests
        requests[1].prompt = [3, 32]
        requests[2].prompt = []
        requests[3].prompt = Array(repeating: 1, count: 64)
        requests[4].parameters.temperature = -1
        let results = model.llm.answer(requests)
        #expect(try Answer(results[0].get()) == alone()[0])
        var codes: [EngineError.Code] = []
        var messages: [String] = []
        for case .failure(let error) in results {
            codes.append(error.code)
            messages.append(error.message)
        }
        #expect(codes == [.invalidPrompt, .invalidPrompt, .promptTooLong, .invalidParameters])
        #expect(messages[0].contains("token 32"))
        #expect(messages[0].contains("out of vocabulary"))
        #expect(messages[2].contains("64 tokens"))
        #expect(model.isClean)
    }

    @Test func `logits that are no numbers end that request, the others never notice`() throws {
        var requests = Self.requests
        for index in requests.indices { requests[index].parameters.maxTokens = 3 }
        let expected = try requests.map {
            Answer(try TinyModel().llm.generate([$0.prompt], $0.parameters)[0])
        }
        // Prompts are letters, so one of the other tokens that nobody says is in one request only.
        let said = Set(expected.flatMap(\.tokens))
        let poison = try #require((26..<31).map { TokenID($0) }.first { !said.contains($0) })
        let model = try TinyModel()
        model.executor.poison = poison
        requests[2].prompt[1] = poison
        let results = model.llm.answer(requests)
        for (index, result) in results.enumerated() {
            switch result {
            case .success(let completion):
                #expect(index != 2)
                #expect(Answer(completion) == expected[index])
            case .failure(let error):
                #expect(index == 2)
                #expect(error.code == .invalidLogits)
            }
        }
        #expect(model.isClean)
    }

    @Test func `a step that throws, whichever it is, leaks nothing`() throws {
        let expected = try alone()
        let undisturbed = try TinyModel()
        _ = undisturbed.llm.answer(Self.requests)
        for step in 0..<undisturbed.executor.steps.count {
            let model = try TinyModel()
            model.executor.failingStep = step
            let results = model.llm.answer(Self.requests)
            var failures = 0
            for (index, result) in results.enumerated() {
                switch result {
                case .success(let completion): #expect(Answer(completion) == expected[index])
                case .failure(let error):
                    failures += 1
                    #expect(error.code == .executorFailed)
                }
            }
            #expect(failures > 0, "step \(step)")
            #expect(model.isClean, "step \(step)")
            let again = try model.llm.generate(Self.prompts, Self.parameters).map(Answer.init)
            #expect(again == expected, "after step \(step)")
        }
    }

    @Test func `a caller that gives up at the n-th token disturbs nobody`() throws {
        let expected = try alone()
        for quitAfter in 1...8 {
            let model = try TinyModel()
            var seen = 0
            let results = model.llm.answer(
                Self.requests,
                onDelta: { delta in
                    guard delta.index == 1, delta.token != nil else { return true }
                    seen += 1
                    return seen < quitAfter
                })
            let answers = try results.map { Answer(try $0.get()) }
            for (index, answer) in answers.enumerated() where index != 1 {
                #expect(answer == expected[index])
            }
            #expect(answers[1].tokens == Array(expected[1].tokens.prefix(quitAfter)))
            #expect(answers[1].reason == (quitAfter < 8 ? .cancelled : .length))
            #expect(model.isClean)
        }
    }

    @Test func `cancelling everything keeps what there is`() throws {
        let expected = try alone()
        for stopAt in 0..<12 {
            let model = try TinyModel()
            var asked = 0
            let results = model.llm.answer(
                Self.requests,
                isCancelled: {
                    asked += 1
                    return asked > stopAt
                })
            for (index, result) in results.enumerated() {
                let answer = Answer(try result.get())
                #expect(expected[index].tokens.starts(with: answer.tokens))
                #expect(expected[index].text.hasPrefix(answer.text))
                #expect(answer.reason == .cancelled || answer == expected[index])
            }
            #expect(model.isClean)
        }
    }

    @Test func `a configuration beyond the executor is refused`() throws {
        let model = try TinyModel()
        let tokenizer = model.llm.tokenizer
        let error = #expect(throws: EngineError.self) {
            try LLM(
                executor: model.executor, tokenizer: tokenizer, layout: model.llm.layout,
                configuration: SchedulerConfiguration(
                    maxStepTokens: 65, maxStepOutputs: 8, maxChunk: 16, maxRunning: 2))
        }
        #expect(error?.code == .invalidConfiguration)
    }
}
