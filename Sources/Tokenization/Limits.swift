/// The bounds of what a tokenizer file may ask for and of what encoding keeps.
enum TokenizerLimits {
    /// Tokens in a vocabulary: four times the largest one known, and well within 32 bits.
    static let vocabularyTokens = 1 << 22
    /// Bytes of all tokens together, so that offsets fit 32 bits.
    static let vocabularyBytes = 1 << 30
    /// Merges of a vocabulary.
    static let merges = 1 << 23
    /// Bytes of a token that is looked for in text as a whole; a longer one is never found there.
    /// Bounds the work per byte of text.
    static let specialTokenBytes = 512
    /// Warnings that a tokenizer keeps.
    static let warnings = 16
    /// Bytes of a pattern or name quoted in a message.
    static let quotedCharacters = 200
    /// Steps of a normalizer or pre-tokenizer sequence.
    static let sequenceSteps = 32
    /// Words whose ids are kept for the next time (a power of two).
    static let cachedWords = 1 << 14
    /// Symbols of a word up to which merging looks at every pair again after each merge; beyond,
    /// a heap is faster.
    static let linearMergeSymbols = 48
    /// Sets of scratch memory kept for later calls: more callers at once allocate their own.
    static let pooledScratch = 8
    /// Symbols of scratch memory kept between calls; a longer word's memory is given back.
    static let pooledSymbols = 1 << 16
}
