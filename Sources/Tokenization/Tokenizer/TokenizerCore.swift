import Identifiers
import Synchronization

/// A tokenizer as loaded, whatever the file was; `Tokenizer` is its public face.
final class TokenizerCore: Sendable {
    let vocabulary: Vocabulary
    let model: MergeModel
    let preTokenizer: PreTokenizer
    let normalizer: Normalizer
    /// Tokens that are looked for in the text as it comes.
    let addedTokens: AddedTokenMatcher
    /// Tokens that are looked for in normalized text.
    let normalizedTokens: AddedTokenMatcher
    let roles: TokenRoles
    /// Whether decoding drops a space at the beginning, which encoding has put there.
    let dropsLeadingSpace: Bool
    let warnings: [String]

    private let pool = Mutex<[MergeScratch]>([])

    init(_ parts: TokenizerParts) {
        vocabulary = parts.vocabulary
        model = parts.model
        preTokenizer = parts.preTokenizer
        normalizer = parts.normalizer
        addedTokens = AddedTokenMatcher(parts.addedTokens)
        normalizedTokens = AddedTokenMatcher(parts.normalizedTokens)
        roles = parts.roles
        dropsLeadingSpace = parts.dropsLeadingSpace
        warnings = parts.warnings
    }

    /// The tokens of a text.
    func encode(_ text: Span<UInt8>, parseSpecial: Bool) -> [TokenID] {
        var scratch = pool.withLock { $0.popLast() } ?? MergeScratch()
        var output: [TokenID] = []
        output.reserveCapacity(text.count / 3 + 4)
        let classes = CharacterClassTable.classes
        let scanner = TextScanner(text: text, classes: classes.span)
        var position = 0
        while !addedTokens.isEmpty,
            let match = addedTokens.first(
                in: scanner, position..<text.count, parseSpecial: parseSpecial)
        {
            encodeFragment(
                scanner, position..<match.range.lowerBound, parseSpecial, &scratch, &output)
            output.append(TokenID(match.id))
            position = match.range.upperBound
        }
        encodeFragment(scanner, position..<text.count, parseSpecial, &scratch, &output)
        scratch.trim()
        pool.withLock { pool in
            if pool.count < TokenizerLimits.pooledScratch { pool.append(scratch) }
        }
        return output
    }

    /// A stretch of text without added tokens: normalizes it, if there is anything to.
    private func encodeFragment(
        _ scanner: borrowing TextScanner, _ range: Range<Int>, _ parseSpecial: Bool,
        _ scratch: inout MergeScratch, _ output: inout [TokenID]
    ) {
        if range.isEmpty { return }
        if normalizer.steps.isEmpty, normalizedTokens.isEmpty {
            return encodePieces(scanner, range, &scratch, &output)
        }
        let text = normalizer(scanner, range, isFirst: range.lowerBound == 0)
        let classes = CharacterClassTable.classes
        let normalized = TextScanner(text: text.span, classes: classes.span)
        var position = 0
        while !normalizedTokens.isEmpty,
            let match = normalizedTokens.first(
                in: normalized, position..<text.count, parseSpecial: parseSpecial)
        {
            encodePieces(normalized, position..<match.range.lowerBound, &scratch, &output)
            output.append(TokenID(match.id))
            position = match.range.upperBound
        }
        encodePieces(normalized, position..<text.count, &scratch, &output)
    }

    private func encodePieces(
        _ scanner: borrowing TextScanner, _ range: Range<Int>,
        _ scratch: inout MergeScratch, _ output: inout [TokenID]
    ) {
        let model = self.model
        let encoder = PieceEncoder(text: scanner.text, model: model, vocabulary: vocabulary)
        let rules = preTokenizer.rules
        split(scanner, encoder, rules[...], range, &scratch, &output)
    }

    /// Cuts by the first of the rules, and the pieces by the others.
    private func split(
        _ scanner: borrowing TextScanner, _ encoder: borrowing PieceEncoder,
        _ rules: ArraySlice<SplitRule>, _ range: Range<Int>,
        _ scratch: inout MergeScratch, _ output: inout [TokenID]
    ) {
        guard let rule = rules.first else {
            if !range.isEmpty { encoder.encode(range, &scratch, to: &output) }
            return
        }
        var position = range.lowerBound
        while position < range.upperBound {
            let end = scanner.pieceEnd(rule, position, range.upperBound)
            if rules.count == 1 {
                encoder.encode(position..<end, &scratch, to: &output)
            } else {
                split(scanner, encoder, rules.dropFirst(), position..<end, &scratch, &output)
            }
            position = end
        }
    }
}

/// What a loader makes out of a file.
struct TokenizerParts {
    var vocabulary: Vocabulary
    var model: MergeModel
    var preTokenizer: PreTokenizer
    var normalizer = Normalizer()
    var addedTokens: [AddedToken] = []
    var normalizedTokens: [AddedToken] = []
    var roles = TokenRoles()
    var dropsLeadingSpace = false
    var warnings: [String] = []
}
