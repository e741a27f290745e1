import QuireIdentifiers
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
    func encode(_ text: Span<UInt8>, special: SpecialScope) -> [TokenID] {
        var scratch = pool.withLock { $0.popLast() } ?? MergeScratch()
        var output: [TokenID] = []
        output.reserveCapacity(text.count / 3 + 4)
        let classes = CharacterClassTable.classes
        let scanner = TextScanner(text: text, classes: classes.span)
        var position = 0
        while !addedTokens.isEmpty,
            let match = addedTokens.first(
                in: scanner, position..<text.count, special: special)
        {
            encodeFragment(
                scanner, position..<match.range.lowerBound, special, &scratch, &output)
            output.append(TokenID(match.id))
            position = match.range.upperBound
        }
        encodeFragment(scanner, position..<text.count, special, &scratch, &output)
        scratch.trim()
        pool.withLock { pool in
            if pool.count < TokenizerLimits.pooledScratch { pool.append(scratch) }
        }
        return output
    }

    /// The added tokens that a text names.
    func addedTokens(in text: Span<UInt8>) -> Set<TokenID> {
        let classes = CharacterClassTable.classes
        let scanner = TextScanner(text: text, classes: classes.span)
        var found: Set<TokenID> = []
        for matcher in [addedTokens, normalizedTokens] where !matcher.isEmpty {
            var position = 0
            while let match = matcher.first(
                in: scanner, position..<text.count, special: .everywhere)
            {
                found.insert(TokenID(match.id))
                position = match.range.upperBound
            }
        }
        return found
    }

    /// A stretch of text without added tokens, as it came: normalizes it, if there is anything to.
    private func encodeFragment(
        _ scanner: borrowing TextScanner, _ range: Range<Int>, _ special: SpecialScope,
        _ scratch: inout MergeScratch, _ output: inout [TokenID]
    ) {
        if range.isEmpty { return }
        let isFirst = range.lowerBound == 0
        if normalizer.leaves(scanner, range) {
            return encodeNormalized(scanner, range, isFirst, special, &scratch, &output)
        }
        let text = normalizer(scanner, range, isFirst: isFirst)
        let classes = CharacterClassTable.classes
        let normalized = TextScanner(text: text.span, classes: classes.span)
        encodeNormalized(
            normalized, 0..<text.count, isFirst, special.rewritten(range), &scratch, &output)
    }

    /// Normalized text: finds the added tokens that are looked for there.
    private func encodeNormalized(
        _ scanner: borrowing TextScanner, _ range: Range<Int>, _ isFirst: Bool,
        _ special: SpecialScope, _ scratch: inout MergeScratch, _ output: inout [TokenID]
    ) {
        var position = range.lowerBound
        while !normalizedTokens.isEmpty,
            let match = normalizedTokens.first(
                in: scanner, position..<range.upperBound, special: special)
        {
            let isFirst = isFirst && position == range.lowerBound
            rewrite(scanner, position..<match.range.lowerBound, isFirst, &scratch, &output)
            output.append(TokenID(match.id))
            position = match.range.upperBound
        }
        let isFirst = isFirst && position == range.lowerBound
        rewrite(scanner, position..<range.upperBound, isFirst, &scratch, &output)
    }

    /// Text without any added tokens: what the pre-tokenizer rewrites, it does here.
    private func rewrite(
        _ scanner: borrowing TextScanner, _ range: Range<Int>, _ isFirst: Bool,
        _ scratch: inout MergeScratch, _ output: inout [TokenID]
    ) {
        if range.isEmpty { return }
        if preTokenizer.rewriting.steps.isEmpty {
            return encodePieces(scanner, range, &scratch, &output)
        }
        let text = preTokenizer.rewriting(scanner, range, isFirst: isFirst)
        let classes = CharacterClassTable.classes
        let rewritten = TextScanner(text: text.span, classes: classes.span)
        encodePieces(rewritten, 0..<text.count, &scratch, &output)
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
