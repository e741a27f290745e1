/// The numbers that bound the opening of a model.
enum LoadLimits {
    /// Bytes of the program without a model: code, runtime, stacks, the header of a file.
    static let processBytes = 24 << 20

    /// Tokens of context for which the KV cache may take more than its share of the memory.
    static let leastContext = 512

    /// Bytes of host memory through which blocks from a file pass, where none were asked for.
    static let fetchingBytes = 128 << 20

    /// The least and the most pages of that.
    static let fetchingSlots = 32...1024
}
