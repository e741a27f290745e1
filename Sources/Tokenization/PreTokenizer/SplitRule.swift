/// One stage of a pre-tokenizer: how a stretch of text is cut into pieces.
///
/// A stage stands for a regular expression whose matches become pieces, and so does what lies
/// between two matches. All but the last two answer one question, `TextScanner.pieceEnd`: where
/// does the piece that begins here end? It depends on nothing before the piece.
enum SplitRule: Hashable, Sendable {
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` (GPT-2).
    case gpt2
    /// The family of tiktoken's cl100k pattern: Llama 3, Qwen, and kin.
    case words(WordRule)
    /// The family of tiktoken's o200k pattern, which cuts words where the case rises: GPT-4o,
    /// Tekken.
    case casedWords(digits: Int, contractions: Bool)
    /// The main pattern of DeepSeek V3: `[!-/:-~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|`
    /// ` ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
    case punctuatedWords
    /// `\p{N}{1,n}`; `Int.max` is `\p{N}+`.
    case numbers(Int)
    /// Numeric bytes as the byte alphabet writes them: `\p{N}+` or `\p{N}` applied after the
    /// text was turned into that alphabet, where six bytes of longer characters look like numbers.
    case byteAlphabetNumbers(Int)
    /// `[0-9]{3}`.
    case digitTriples
    /// `[\r\n]`.
    case lineBreaks
    /// `[^\n]+|[\n]+`.
    case lines
    /// Runs of `\p{P}` and the ASCII symbols `$+<=>^~|`, with or without the backtick.
    case punctuationRuns(backtick: Bool)
    /// `\p{P}` and all ASCII punctuation, each by itself.
    case punctuation
    /// `\s?\p{L}+`.
    case letters
    /// `\s?\p{P}+`.
    case spacedPunctuation
    /// `\s?` and letters of the scripts that have a case, as DeepSeek LLM lists them.
    case casedScripts
    /// `\s?[!-/:-~！-／：-～‘-‟　-。]+` (DeepSeek LLM).
    case widePunctuation
    /// `\s+$`.
    case trailingWhitespace
    /// `[一-龥ࠀ-一가-퟿]+` (DeepSeek LLM, DeepSeek Coder).
    case eastAsian
    /// `[一-龥぀-ゟ゠-ヿ]+` (DeepSeek V3).
    case hanAndKana
    /// ` ?[^(\s|.,!?…。，、।۔،)]+` (BLOOM).
    case bloom
    /// A space ends the piece that it is in.
    case spaces
    /// A run of U+2581 begins a piece, unless one of these bytes is before it.
    case escapedWords(unless: ByteSet)
    /// Every U+2581 begins a piece.
    case escapedSpaces
    /// The matches of a regular expression that has no rule of its own.
    case pattern(PatternSplit)
    /// Cuts nothing: rewrites each piece for the rules that follow.
    case rewriting(Normalizer)
}

/// The differences within the cl100k family:
/// `(?i:'s|'t|...)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,n}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+`.
struct WordRule: Hashable, Sendable {
    /// The most numbers in a piece.
    var digits: Int
    /// Whether `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll`, `'d` are pieces, in any case.
    var contractions = true
    /// Whether combining marks belong to words (and no more to punctuation).
    var marks = false
    /// Whether line breaks belong to the punctuation before them.
    var breaksEndPunctuation = true
}

/// A set of bytes.
struct ByteSet: Hashable, Sendable {
    private var bits: SIMD4<UInt64> = .zero

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool { bits[Int(byte >> 6)] >> UInt64(byte & 63) & 1 != 0 }

    mutating func insert(_ byte: UInt8) { bits[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
}
