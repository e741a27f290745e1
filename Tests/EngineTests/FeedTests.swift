import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `Requests that are fed` {
    private struct Refusal: Error {}

    private static let requests: [GenerationRequest] = TinyModel.prompts(23, seed: 70).enumerated()
        .map { index, prompt in
            var parameters = SamplingParameters(
                temperature: index % 2 == 0 ? 0 : 1, maxTokens: 1 + index % 9, seed: UInt64(index),
                ignoreEOS: true)
            if index % 4 == 1 { parameters.n = 2 }
            if index == 6 { parameters.topP = 2 }
            if index == 9 { return GenerationRequest(prompt: [40], parameters: parameters) }
            return GenerationRequest(prompt: prompt, parameters: parameters)
        }

    @Test(arguments: [1, 3, 40])
    func `each get the answer that they would get alone, a bounded number at once`(
        inFlight: Int
    ) throws {
        let model = try TinyModel()
        var waiting = Self.requests[...]
        var open = 0
        var most = 0
        var tokens = 0
        var answers: [Int: Result<[Completion], EngineError>] = [:]
        model.llm.feed(
            inFlight: inFlight,
            next: {
                guard let request = waiting.popFirst() else { return nil }
                open += 1
                most = max(most, open)
                return request
            }, onStep: { tokens += $0 },
            onAnswer: { index, result in
                open -= 1
                #expect(answers.updateValue(result, forKey: index) == nil)
            })
        #expect(model.isClean)
        // Two of them are refused at once.
        #expect(most == min(inFlight, Self.requests.count - 2))
        #expect(answers.count == Self.requests.count)
        var expectedTokens = 0
        for (index, request) in Self.requests.enumerated() {
            let alone = try TinyModel().llm.answers([request])[0]
            switch (alone, try #require(answers[index])) {
            case (.success(let alone), .success(let fed)):
                #expect(alone.map(Answer.init) == fed.map(Answer.init))
                expectedTokens += fed.reduce(0) { $0 + $1.tokens.count }
            case (.failure(let alone), .failure(let fed)):
                #expect(alone == fed)
                #expect(index == 6 || index == 9)
            default: Issue.record("request \(index) differs")
            }
        }
        #expect(tokens == expectedTokens)
    }

    @Test func `an error of whoever feeds or takes gives up the rest`() throws {
        for failing in 0..<6 {
            let model = try TinyModel()
            var waiting = Self.requests[...]
            var taken = 0
            #expect(throws: Refusal.self) {
                try model.llm.feed(
                    inFlight: 4,
                    next: {
                        if failing % 2 == 0, waiting.count == 20 - failing { throw Refusal() }
                        return waiting.popFirst()
                    },
                    onAnswer: { _, _ in
                        taken += 1
                        if failing % 2 == 1, taken == failing { throw Refusal() }
                    })
            }
            #expect(model.isClean)
        }
    }

    @Test func `a cancelled feed answers no more and leaves nothing behind`() throws {
        for stopAt in [0, 1, 5, 11] {
            let model = try TinyModel()
            var waiting = Self.requests[...]
            var asked = 0
            var answered: [Int] = []
            model.llm.feed(
                inFlight: 4, next: { waiting.popFirst() },
                isCancelled: {
                    asked += 1
                    return asked > stopAt
                }, onAnswer: { index, _ in answered.append(index) })
            #expect(answered.count < Self.requests.count)
            #expect(model.isClean)
        }
    }
}
