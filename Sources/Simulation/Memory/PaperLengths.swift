package import KVCache

/// Lengths like those behind figure 2 of the vLLM paper (Kwon et al., SOSP 2023), which are not
/// published: lognormal of means 187 and 360 and coefficients of variation 1.5 and 1.0, rounded
/// down, kept where the prompt has 4 to 1023 tokens, the answer at least 4, and both together at
/// most 2048. Fitted so that the mean time-weighted lengths are those that the paper's own
/// percentages imply: E[O^2] / 2 E[O] = 299 and E[I O] / E[O] = 157.
package enum PaperLengths {
    /// Slots of the paper's cache: 12 GiB at the 819,200 bytes that OPT-13B keeps for a token.
    package static let slots = 15_728

    /// Tokens of the model's longest sequence.
    package static let longest = 2048

    /// Draws requests; equal seeds give equal requests.
    package static func draw(_ count: Int, seed: UInt64) -> [LengthSample] {
        var random = SeededRandom(seed: seed)
        var requests: [LengthSample] = []
        requests.reserveCapacity(count)
        while requests.count < count {
            let prompt = random.lognormal(mean: 187, variation: 1.5)
            let output = random.lognormal(mean: 360, variation: 1)
            guard prompt >= 4, prompt < 1024, output >= 4, prompt + output < 1e6 else { continue }
            let request = LengthSample(prompt: Int(prompt), output: Int(output))
            if request.prompt + request.output <= longest { requests.append(request) }
        }
        return requests
    }

    /// The paper's own numbers for a policy: the share of slots with tokens (figure 2) and the mean
    /// batch; nil for policies that it has not.
    package static func figure(_ policy: MemoryPolicy) -> (tokens: Double, meanBatch: Double)? {
        switch policy {
        case .buddy(.max): (0.204, 7.0)
        case .buddy(.pow2): (0.268, 9.8)
        case .buddy(.oracle): (0.382, 13.6)
        case .paged(blockSize: 16): (0.963, 30.4)
        default: nil
        }
    }
}
