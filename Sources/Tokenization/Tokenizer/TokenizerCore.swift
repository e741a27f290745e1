import QuireIdentifiers
import Synchronization

/// A tokenizer as loaded, whatever the file was; `Tokenizer` is its public face.
final class TokenizerCore: Sendable {
    let vocabulary: Vocabulary
    let model: PieceModel
    let preTokenizer: PreTokenizer
    let normalizer: Normalizer
    /// Tokens that are looked for in the text as it comes.
    let addedTokens: AddedTokenMatcher
    /// Tokens that are looked for in normalized text.
    let normalizedTokens: AddedTokenMatcher
    let roles: TokenRoles
    /// Whether decoding drops a space at the beginning, which encoding has put there.
    let dropsLeadingSpace: Bool
    /// Whether it drops one more from each token as long as there is no text.
    let dropsLeadingSpaces: Bool
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
        dropsLeadingSpaces = parts.dropsLeadingSpaces
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
        let rules = preTokenizer.rules[...]
        if preTokenizer.rewriting.steps.isEmpty {
            return encodePieces(scanner, rules, range, isFirst, &scratch, &output)
        }
        encodeRewritten(
            preTokenizer.rewriting, scanner, rules, range, isFirst, &scratch, &output)
    }

    private func encodeRewritten(
        _ rewriting: Normalizer, _ scanner: borrowing TextScanner, _ rules: ArraySlice<SplitRule>,
        _ range: Range<Int>, _ isFirst: Bool,
        _ scratch: inout MergeScratch, _ output: inout [TokenID]
    ) {
        let text = rewriting(scanner, range, isFirst: isFirst)
        let classes = CharacterClassTable.classes
        let rewritten = TextScanner(text: text.span, classes: classes.span)
        encodePieces(rewritten, rules, 0..<text.count, isFirst, &scratch, &output)
    }

    private func encodePieces(
        _ scanner: borrowing TextScanner, _ rules: ArraySlice<SplitRule>, _ range: Range<Int>,
        _ isFirst: Bool, _ scratch: inout MergeScratch, _ output: inout [TokenID]
    ) {
        switch model {
        case .merging(let model):
            let encoder = PieceEncoder(text: scanner.text, model: model, vocabulary: vocabulary)
            split(scanner, encoder, rules, range, isFirst, &scratch, &output)
        case .unigram(let model):
            let encoder = UnigramEncoder(text: scanner.text, model: model, vocabulary: vocabulary)
            split(scanner, encoder, rules, range, isFirst, &scratch, &output)
        case .wordPiece(let model):
            let encoder = WordPieceEncoder(
                text: scanner.text, model: model, vocabulary: vocabulary)
            split(scanner, encoder, rules, range, isFirst, &scratch, &output)
        }
    }

    /// Cuts by the first of the rules, and the pieces by the others.
    private func split<Encoder: PieceEncoding & ~Escapable>(
        _ scanner: borrowing TextScanner, _ encoder: borrowing Encoder,
        _ rules: ArraySlice<SplitRule>, _ range: Range<Int>, _ isFirst: Bool,
        _ scratch: inout MergeScratch, _ output: inout [TokenID]
    ) {
        guard let rule = rules.first else {
            if !range.isEmpty { encoder.encode(range, &scratch, to: &output) }
            return
        }
        let others = rules.dropFirst()
        switch rule {
        case .pattern(let pattern):
            for piece in pattern.pieces(of: scanner.text, range) {
                let isFirst = isFirst && piece.lowerBound == range.lowerBound
                split(scanner, encoder, others, piece, isFirst, &scratch, &output)
            }
            return
        case .rewriting(let normalizer):
            return encodeRewritten(
                normalizer, scanner, others, range, isFirst, &scratch, &output)
        default: break
        }
        var position = range.lowerBound
        while position < range.upperBound {
            let end = scanner.pieceEnd(rule, position, range.upperBound)
            if others.isEmpty {
                encoder.encode(position..<end, &scratch, to: &output)
            } else {
                let isFirst = isFirst && position == range.lowerBound
                split(scanner, encoder, others, position..<end, isFirst, &scratch, &output)
            }
            position = end
        }
    }
}

/// What a loader makes out of a file.
struct TokenizerParts {
    var vocabulary: Vocabulary
    var model: PieceModel
    var preTokenizer: PreTokenizer
    var normalizer = Normalizer()
    var addedTokens: [AddedToken] = []
    var normalizedTokens: [AddedToken] = []
    var roles = TokenRoles()
    var dropsLeadingSpace = false
    var dropsLeadingSpaces = false
    var warnings: [String] = []
}
