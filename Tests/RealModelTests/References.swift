import Foundation
import QuireIdentifiers
import Testing

/// What other programs computed from the same model files; `Fixtures/README.md` has the tolerances.
struct References: Decodable {
    struct Prompt: Decodable, CustomTestStringConvertible {
        let name: String
        let text: String
        /// Whether the tokenizer adds the model's own special tokens to `text`.
        let addSpecialTokens: Bool
        let inputIds: [UInt32]
        /// Token and logit of the last position's best ten.
        let top10Logits: [[Double]]
        let logsumexp: Double
        let greedy64: [UInt32]
        /// The lead of the first logit over the second at each greedy step.
        let margin: [Double]

        var testDescription: String { name }

        var tokens: [TokenID] { inputIds.map { TokenID($0) } }
        /// The greedy continuation; thriftily its beginning.
        var greedy: [TokenID] {
            greedy64.prefix(RealModel.isThrifty ? 16 : 64).map { TokenID($0) }
        }

        /// The tokens and log-probabilities of the last position's best ten.
        var top10: [(token: Int, logProbability: Double)] {
            top10Logits.map { (Int($0[0]), $0[1] - logsumexp) }
        }

        /// How many greedy tokens must agree when margins under `limit` are a coin's toss.
        func decidedSteps(_ limit: Double) -> Int {
            margin.firstIndex { $0 < limit } ?? margin.count
        }
    }

    let model: String
    let gguf: String
    let prompts: [Prompt]

    static func load(_ name: String) throws -> References {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(References.self, from: try data(name, "json"))
    }

    static func data(_ name: String, _ type: String) throws -> Data {
        let folder = Bundle.module.resourceURL?.appending(path: "Fixtures")
        guard let url = folder?.appending(path: "\(name).\(type)") else {
            throw CocoaError(.fileNoSuchFile)
        }
        return try Data(contentsOf: url)
    }
}

/// The perplexities of `perplexity.json`.
struct PerplexityReferences: Decodable {
    struct Model: Decodable {
        let tokens: Int
        let windows: Int
        let f32: Double
        let llamaCppQ4KM: Double

        enum CodingKeys: String, CodingKey {
            case tokens
            case windows
            case f32
            case llamaCppQ4KM = "llama_cpp_q4_k_m"
        }
    }

    let qwen05b: Model
    let gemma270m: Model
}
