import KVCache

/// Operations of the forward pass; a multiplication and its addition are two.
extension ModelShape {
    /// Operations of a token's multiplications with the layers' matrices, its experts' among them.
    package var matrixOperations: Double {
        layers.reduce(0) { sum, layer in
            let matrices =
                layer.attention.parameters(hidden) + layer.feedForward.fixedParameters(hidden)
                + layer.feedForward.expertParameters(hidden) * layer.feedForward.expertsUsed
            return sum + 2 * Double(matrices)
        }
    }

    /// Operations of one sampled output: the multiplication with the output matrix.
    package var outputOperations: Double { 2 * Double(vocabulary) * Double(hidden) }

    /// Operations to decode a token that has `context` tokens with itself.
    package func decodeOperations(context: Int) -> Double {
        layers.reduce(matrixOperations + outputOperations) { sum, layer in
            let seen = context - layer.span.firstVisible(from: context - 1)
            return sum + Double(seen) * layer.attention.operationsPerSeen(isAbsorbed: true)
        }
    }

    /// Operations to compute a prompt of `tokens` and sample one output.
    package func prefillOperations(tokens: Int) -> Double {
        layers.reduce(Double(tokens) * matrixOperations + outputOperations) { sum, layer in
            sum + layer.span.pairsSeen(tokens: tokens)
                * layer.attention.operationsPerSeen(isAbsorbed: false)
        }
    }
}

extension AttentionSpan {
    /// Pairs of a query and a key that it sees, over the positions of a prompt.
    func pairsSeen(tokens: Int) -> Double {
        let all = Double(tokens) * Double(tokens + 1) / 2
        guard case .slidingWindow(let window) = self, tokens > window else { return all }
        let beyond = Double(tokens - window)
        return all - beyond * (beyond + 1) / 2
    }
}

extension AttentionShape {
    /// Operations of a query with one key that it sees and its value, all heads.
    ///
    /// Latent attention decodes in the latent space (the projections of keys and values are
    /// absorbed into those of queries and outputs) and computes prompts with expanded keys.
    func operationsPerSeen(isAbsorbed: Bool) -> Double {
        switch self {
        case .heads(let heads): 4 * Double(heads.query * heads.dimension)
        case .latent(let latent):
            isAbsorbed
                ? 2 * Double(latent.query * (2 * latent.rank + latent.rope))
                : 2 * Double(latent.query * (latent.plain + latent.rope + latent.value))
        }
    }
}
