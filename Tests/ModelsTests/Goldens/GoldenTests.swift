import GoldenModels
import ModelFiles
import Testing

/// Tiny models of every architecture against transformers in float32: see `GoldenModel`.
struct GoldenTests {
    /// The fixtures that Quire runs; the others wait for their architecture.
    static let supported = [
        "bloom", "cohere", "cohere2", "deepseek2", "deepseek2-lite", "deepseek3", "ernie4-5",
        "exaone4", "falcon", "falcon-40b", "gemma",
        "gemma2", "gemma3", "gemma4", "gemma4-experts", "glm4", "glm4moe", "gpt-oss", "gpt2",
        "gptj", "gptneox", "gptneox-serial", "granite", "granitemoe", "hunyuan", "llama",
        "llama-untied", "llama4", "ministral3", "mixtral", "mpt", "nemotron", "olmo", "olmo2",
        "olmoe", "phi2", "phi3", "phi3-long", "qwen2", "qwen2-tied", "qwen2moe", "qwen3",
        "qwen3moe", "seed-oss", "smollm3", "stablelm", "starcoder2",
    ]
    /// The largest difference of a log-probability in float32 mode.
    static let tolerance = 1e-3
    /// A lead below this is a coin's toss.
    static let decided = 0.01

    @Test(arguments: supported)
    func `every log-probability is the reference's, from GGUF`(name: String) throws {
        let golden = try GoldenModel(name)
        let run = try GoldenRun(GGUFFile(bytes: golden.gguf()))
        for prompt in golden.prompts {
            for chunk in [64, 4] {
                let found = run.logProbabilities(prompt.tokens, chunk: chunk)
                let worst = Self.largestDifference(found, prompt.logProbabilities)
                #expect(worst <= Self.tolerance, "\(prompt.tokens.count) tokens by \(chunk)")
            }
        }
    }

    @Test(arguments: supported)
    func `greedy tokens are the reference's where it decides`(name: String) throws {
        let golden = try GoldenModel(name)
        let run = try GoldenRun(GGUFFile(bytes: golden.gguf()))
        for prompt in golden.prompts {
            // The reference's own tokens are fed, so that steps after a toss-up count too.
            let rows = run.logProbabilities(prompt.tokens + prompt.greedy.dropLast())
            for (step, row) in rows.dropFirst(prompt.tokens.count - 1).enumerated()
            where prompt.margins[step] > Self.decided {
                let best = row.indices.max { row[$0] < row[$1] }
                #expect(best == prompt.greedy[step], "step \(step)")
            }
        }
    }

    static func largestDifference(_ found: [[Double]], _ expected: [[Float]]) -> Double {
        guard found.count == expected.count else { return .infinity }
        return zip(found.joined(), expected.joined()).reduce(0) {
            let difference = abs($1.0 - Double($1.1))
            return difference.isNaN ? .infinity : max($0, difference)
        }
    }
}
