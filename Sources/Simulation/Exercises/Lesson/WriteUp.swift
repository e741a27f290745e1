import KVCache
import Planning

/// Exercise 5: what vLLM's code says of its cache.
enum WriteUp {
    /// The settings of vLLM that the text names, and where its code has them.
    ///
    /// vllm/config/cache.py, class CacheConfig.
    static let blockSize = 16

    /// Exercise 5.
    static func exercise5(context: Int = 2048) -> Exercise {
        let sequence = SequenceMemory(
            layers: 32, keyValueHeads: 32, headDimension: 128, tokens: context)
        let block = blockSize * sequence.bytesPerToken
        return Exercise(
            name: "5", title: "What vLLM does instead",
            question: """
                How does vLLM compute the size of its cache, what is its block size, and how does \
                its layout differ from the traditional one? 200 to 300 words.
                """,
            working: [text(sequence, block: block)],
            figures: [
                ExerciseFigure("block_size", "tokens of a block, vLLM's default", blockSize),
                ExerciseFigure("gpu_memory_utilization", "share of the card, its default", 0.92),
                ExerciseFigure("block_bytes", "bytes of a block, Llama-2-7B", block),
                ExerciseFigure(
                    "reserved_bytes", "bytes of a reservation, Llama-2-7B", sequence.bytes),
            ],
            answer: "Blocks of \(blockSize) tokens, as many as fit beside the weights and the "
                + "measured peak; any block may hold any \(blockSize) tokens of any sequence.")
    }

    /// The text, with the numbers of a model.
    private static func text(_ sequence: SequenceMemory, block: Int) -> String {
        """
        A traditional cache is one tensor with an axis for the batch and an axis for the longest \
        length. A sequence owns a row of it from its first token to its last, and the row is as \
        long as the longest sequence could be: \(Numbers.gib(sequence.bytes, 0)) for \
        \(Numbers.grouped(sequence.tokens)) tokens of Llama-2-7B, whether ten of them come or all. \
        The address of a token is a product of its indices, so nothing can be shared, moved or \
        lent.

        vLLM puts a table between the two. kv_cache_utils.py sums the bytes that one token takes \
        in every layer (two vectors for each key/value head, or one latent vector), multiplies by \
        the block size, and divides what is left of the card by that: the memory that the user \
        allows (gpu_memory_utilization, 0.92 unless told otherwise) less the weights and the peak \
        of a trial run. The quotient is the number of blocks. A block holds \(blockSize) tokens by \
        default (CacheConfig in config/cache.py), \(Numbers.decimal(Double(block) / 1048576, 0)) \
        MiB for that model. block_pool.py keeps the free ones in a doubly linked list with a count \
        of holders for each; a full block is also filed under a hash of its tokens and of \
        everything before them (sha256, and the prefix cache is on by default), so that a second \
        request with the same beginning only raises the count.

        What is lost is at most the rest of the last block, \(blockSize - 1) tokens, about half of \
        that on average, and no gap is ever too small to be used, since all blocks are alike. The \
        price is one look-up for each block that attention reads, and kernels that can follow it. \
        Quire does the same sum without a trial run: its activations are known beforehand.
        """
    }
}
