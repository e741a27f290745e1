/// Several answers to one prompt, generated in step: what their blocks would be, by formula.
///
/// Kwon et al., SOSP 2023, section 4.4. `SharedTables` counts the same with the cache's own tables.
package struct ParallelSampling: Hashable, Sendable {
    /// Tokens of the prompt.
    package let prompt: Int
    /// Answers to it.
    package let samples: Int
    /// Tokens of a block.
    package let blockSize: Int

    /// Answers to a prompt.
    package init(prompt: Int, samples: Int, blockSize: Int) {
        precondition(prompt >= 1 && samples >= 1 && blockSize >= 1, "samples of nothing")
        self.prompt = prompt
        self.samples = samples
        self.blockSize = blockSize
    }

    /// Blocks of all answers when each has generated `generated` tokens, at least 1, and shares
    /// nothing.
    package func unshared(generated: Int) -> Int {
        samples * blocks(prompt + generated - 1)
    }

    /// Blocks that sharing saves then.
    ///
    /// The prompt's full blocks are one for all. Its last block, if it is not full, is one for all
    /// while nothing is written behind the prompt; then each answer has its own.
    package func saved(generated: Int) -> Int {
        (samples - 1) * (generated == 1 ? blocks(prompt) : prompt / blockSize)
    }

    /// Both, summed over an answer of `output` tokens. O(`output`)
    package func savings(output: Int) -> SharingSavings {
        var sum = SharingSavings()
        for generated in stride(from: 1, through: output, by: 1) {
            let all = unshared(generated: generated)
            sum.unshared += all
            sum.shared += all - saved(generated: generated)
        }
        return sum
    }

    private func blocks(_ tokens: Int) -> Int { (tokens + blockSize - 1) / blockSize }
}
