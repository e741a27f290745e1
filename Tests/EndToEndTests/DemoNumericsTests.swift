import QuireEngine
import QuireIdentifiers
import QuireModels
import Testing

/// The demo model in this process with float activations: then nothing but the order of sums
/// separates it from the reference, and the tolerances shrink accordingly.
struct DemoNumericsTests {
    private static let prompts = (try? DemoReference.load().prompts) ?? []

    @Test(arguments: prompts)
    func `float activations follow the reference closely`(
        reference: DemoReference.Prompt
    ) throws {
        let engine = try DemoEngine()
        let llm = try engine.llm(activations: .float32)
        let parameters = SamplingParameters(
            maxTokens: reference.greedy.count, logprobs: 20, ignoreEOS: true)
        let prompt = reference.inputIDs.map { TokenID(UInt32($0)) }
        let answer = try llm.generate([prompt], parameters)[0]

        let top = try #require(answer.logprobs?.first?.top)
        for candidate in reference.top10 {
            let entry = top.first { Int($0.token.rawValue) == candidate.id }
            let logprob = try #require(entry).logprob
            #expect(abs(logprob - candidate.logProbability) < 0.02)
        }
        let certain = reference.greedy(upToMargin: 0.01)
        #expect(answer.tokens.prefix(certain.count).map { Int($0.rawValue) } == Array(certain))
    }
}
