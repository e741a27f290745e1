/// Elements of matrices and vectors. Each is the product of the dimensions that a checkpoint of the
/// architecture has, so that the sum is its number of parameters, to the last one.
extension ModelShape {
    /// All parameters.
    package var parameters: Int {
        embeddingParameters + outputParameters + positions * hidden + vectors
            + layers.reduce(0) { $0 + $1.parameters(hidden) }
    }

    /// Elements of the embedding, of which a token reads one row.
    package var embeddingParameters: Int { vocabulary * hidden }

    /// Elements of the output matrix, where it is one of its own.
    package var outputParameters: Int { isTied ? 0 : vocabulary * hidden }

    /// Parameters that a token is multiplied by: the layers without the experts that are not
    /// chosen, and the output matrix.
    package var activeParameters: Int {
        vocabulary * hidden + vectors + layers.reduce(0) { $0 + $1.activeParameters(hidden) }
    }

    /// Parameters that a step of `batch` tokens reads, each with a sampled output: experts are
    /// read once, however many tokens were routed to them.
    ///
    /// Which experts a token is routed to is taken as uniform and independent: `batch` tokens are
    /// expected to meet `count (1 - (1 - used / count)^batch)` of them.
    package func parametersRead(batch: Int) -> Double {
        Double(vocabulary * hidden + vectors)
            + layers.reduce(0) { $0 + $1.parametersRead(hidden, batch: batch) }
    }
}

extension LayerShape {
    /// All parameters of the layer.
    func parameters(_ hidden: Int) -> Int {
        attention.parameters(hidden) + feedForward.fixedParameters(hidden) + vectors
            + feedForward.expertParameters(hidden) * feedForward.expertCount
    }

    /// Those that a token meets.
    func activeParameters(_ hidden: Int) -> Int {
        attention.parameters(hidden) + feedForward.fixedParameters(hidden) + vectors
            + feedForward.expertParameters(hidden) * feedForward.expertsUsed
    }

    /// Those that `batch` tokens meet, as is to be expected.
    func parametersRead(_ hidden: Int, batch: Int) -> Double {
        let fixed = attention.parameters(hidden) + feedForward.fixedParameters(hidden) + vectors
        return Double(fixed)
            + Double(feedForward.expertParameters(hidden)) * feedForward.expertsMet(batch: batch)
    }
}

extension AttentionShape {
    /// Elements of the projections.
    func parameters(_ hidden: Int) -> Int {
        switch self {
        case .heads(let heads):
            let query = heads.query * heads.dimension
            let keyValue = heads.keyValue * heads.dimension
            return hidden * (query + 2 * keyValue) + query * hidden
        case .latent(let latent):
            let queryWidth = latent.query * (latent.plain + latent.rope)
            let query =
                latent.queryRank.map { hidden * $0 + $0 * queryWidth } ?? hidden * queryWidth
            let down = hidden * (latent.rank + latent.rope)
            let up = latent.rank * latent.query * (latent.plain + latent.value)
            return query + down + up + latent.query * latent.value * hidden
        }
    }
}

extension FeedForwardShape {
    /// Networks to choose from; 0 where there is but one.
    package var expertCount: Int {
        if case .experts(let experts) = self { experts.count } else { 0 }
    }

    /// Networks that a token is routed to.
    package var expertsUsed: Int {
        if case .experts(let experts) = self { experts.used } else { 0 }
    }

    /// Elements that every token meets: a network, or the router and the shared experts.
    func fixedParameters(_ hidden: Int) -> Int {
        switch self {
        case .dense(let width, let isGated): (isGated ? 3 : 2) * hidden * width
        case .experts(let experts): hidden * experts.count + 3 * hidden * experts.sharedWidth
        }
    }

    /// Elements of one expert.
    func expertParameters(_ hidden: Int) -> Int {
        if case .experts(let experts) = self { 3 * hidden * experts.width } else { 0 }
    }

    /// Experts that a step of `batch` tokens is expected to meet.
    func expertsMet(batch: Int) -> Double {
        guard case .experts(let experts) = self else { return 0 }
        let missed = 1 - Double(experts.used) / Double(experts.count)
        var (power, square, rest) = (1.0, missed, batch)
        // By squaring, so that every machine rounds alike.
        while rest > 0 {
            if rest % 2 == 1 { power *= square }
            square *= square
            rest /= 2
        }
        return Double(experts.count) * (1 - power)
    }
}
