import ModelsTestSupport
import QuireIdentifiers
import QuireModels
import Tensors
import Testing
import Tokenization

/// Real models against what other programs computed from the same files.
@Suite(.enabled(if: RealModel.isThere), .serialized)
struct AgreementTests {
    static let compute = Compute(pool: WorkerPool(threads: 1))

    @Test(arguments: RealModel.allCases)
    func `prompts have the ids of the reference`(model: RealModel) throws {
        let tokenizer = try model.tokenizer()
        for prompt in try model.references().prompts {
            let ids =
                prompt.addSpecialTokens
                ? tokenizer.encodePrompt(prompt.text, parseSpecial: true)
                : tokenizer.encode(prompt.text, parseSpecial: true)
            #expect(ids == prompt.tokens, "\(prompt.name)")
        }
    }

    @Test(arguments: RealModel.allCases, ActivationMode.allCases)
    func `log-probabilities and every decided step are those of the reference`(
        model: RealModel, activations: ActivationMode
    ) throws {
        let driver = try model.driver(activations: activations)
        for prompt in try model.prompts() {
            // Output 0 is the prompt's last position, and each further one a greedy step: with
            // the reference's own tokens fed, the steps after a toss-up count too.
            let sequence = driver.start()
            _ = driver.run([
                .init(
                    sequence, prompt.tokens + prompt.greedy.dropLast(),
                    outputs: prompt.greedy.count)
            ])
            driver.finish(sequence)
            expectLastPosition(of: prompt, driver, activations)
            let limit = activations == .int8 ? 0.25 : 0.01
            let missed = prompt.greedy.indices.filter {
                prompt.margin[$0] >= limit && driver.best($0, Self.compute) != prompt.greedy[$0]
            }
            #expect(missed.isEmpty, "\(prompt.name)")
        }
    }

    private func expectLastPosition(
        of prompt: References.Prompt, _ driver: SequenceDriver, _ activations: ActivationMode
    ) {
        let top10 = prompt.top10
        if top10[0].logProbability - top10[1].logProbability >= 0.15 {
            let best = driver.best(0, Self.compute)
            #expect(best == prompt.greedy[0], "\(prompt.name): the most likely token")
        }
        let differences = top10.map { token, expected in
            abs(driver.logProbability(token, 0, Self.compute) - expected)
        }
        let mean = differences.reduce(0, +) / Double(differences.count)
        let largest = differences.max() ?? 0
        let limits =
            activations == .int8 ? (mean: 0.10, largest: 0.40) : (mean: 0.001, largest: 0.005)
        #expect(mean <= limits.mean, "\(prompt.name): mean difference")
        #expect(largest <= limits.largest, "\(prompt.name): largest difference")
    }

    @Test(arguments: RealModel.allCases)
    func `greedy continuations agree where the reference decides`(model: RealModel) throws {
        let limit = 0.25
        let prompts = try model.prompts()
        let driver = try model.driver(sequences: prompts.count)
        let sequences = prompts.map { _ in driver.start() }
        var found: [[TokenID]] = []
        for (sequence, prompt) in zip(sequences, prompts) {
            _ = driver.run([.init(sequence, prompt.tokens)])
            found.append([driver.best(0, Self.compute)])
        }
        // All prompts' decodes share their steps: the weights are read once for all of them.
        while found[0].count < prompts[0].greedy.count {
            _ = driver.run(
                zip(sequences, found).map { .init($0, [$1[$1.count - 1]]) })
            for index in found.indices { found[index].append(driver.best(index, Self.compute)) }
        }
        for (prompt, tokens) in zip(prompts, found) {
            let decided = prompt.decidedSteps(limit)
            #expect(tokens.prefix(decided) == prompt.greedy.prefix(decided), "\(prompt.name)")
        }
    }
}
