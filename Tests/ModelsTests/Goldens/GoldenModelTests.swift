import GoldenModels
import Testing

/// The models that the tests make are those that the reference saw.
struct GoldenModelTests {
    @Test(arguments: GoldenModel.names)
    func `weights are those of the formula in Python`(name: String) throws {
        let golden = try GoldenModel(name)
        #expect(golden.hasTheReferencesWeights)
    }

    @Test(arguments: GoldenModel.names)
    func `the GGUF file's tensors are those of the converter`(name: String) throws {
        let golden = try GoldenModel(name)
        #expect(golden.hasTheConvertersTensors)
    }

    @Test func `a fixture covers long and short prompts`() throws {
        for name in GoldenModel.names {
            let golden = try GoldenModel(name)
            #expect(golden.prompts.count == 3)
            for prompt in golden.prompts {
                #expect(prompt.logProbabilities.count == prompt.tokens.count)
                #expect(prompt.margins.count == prompt.greedy.count)
            }
        }
    }
}
