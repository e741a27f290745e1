import Foundation
import Testing

/// What the demo model says when its weights are dequantised and computed with in f32 elsewhere;
/// `scripts/goldens/demo_reference.py` made it from the model file.
struct DemoReference: Decodable {
    struct Prompt: Decodable, CustomTestStringConvertible {
        let name: String
        let text: String
        /// As fed: the begin token first.
        let inputIDs: [Int]
        /// The ten likeliest next tokens, each with its log-probability.
        let top10: [Candidate]
        /// The likeliest token at each of 48 steps, not stopped at the end token.
        let greedy: [Int]
        /// The first logit minus the second, at each of those steps.
        let margins: [Double]

        var testDescription: String { name }

        /// The first log-probability minus the second.
        var margin: Double { top10[0].logProbability - top10[1].logProbability }

        /// The greedy tokens that no small difference of numerics may change: up to the first
        /// step whose margin is under `margin`.
        func greedy(upToMargin margin: Double) -> ArraySlice<Int> {
            greedy.prefix(margins.firstIndex { $0 < margin } ?? greedy.count)
        }

        private enum CodingKeys: String, CodingKey {
            case name, text, top10, greedy, margins
            case inputIDs = "input_ids"
        }
    }

    struct Candidate: Decodable {
        let id: Int
        let logProbability: Double

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            id = try pair.decode(Int.self)
            logProbability = try pair.decode(Double.self)
        }
    }

    struct Perplexity: Decodable {
        let text: String
        let context: Int
        /// How many tokens are scored.
        let tokens: Int
        let perplexity: Double
    }

    let prompts: [Prompt]
    let perplexity: Perplexity

    static func load() throws -> DemoReference {
        let file = Bundle.module.bundleURL.appending(path: "Fixtures/demo-reference.json")
        return try JSONDecoder().decode(DemoReference.self, from: Data(contentsOf: file))
    }
}
