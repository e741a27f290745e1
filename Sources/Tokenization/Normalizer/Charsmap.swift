/// A table of replacements as SentencePiece keeps it: a double-array trie (Aoe, 1989) of what is
/// replaced, behind it the replacements.
struct Charsmap: Hashable, Sendable {
    /// Of each unit: whether a key ends here, a byte, and where the next ones are.
    private let units: [UInt32]
    private let replacements: [UInt8]

    /// - Throws: `badFile` for bytes that are no table.
    init(_ bytes: [UInt8]) throws(TokenizerError) {
        func word(_ index: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << UInt32(8 * $1) }
        }
        guard bytes.count >= 4, case let size = Int(word(0)), size % 4 == 0, size > 0,
            size <= bytes.count - 4
        else {
            throw TokenizerError(
                .badFile, "precompiled_charsmap, \(bytes.count) bytes, is not a table of characters"
            )
        }
        units = (0..<size / 4).map { word(4 + 4 * $0) }
        replacements = Array(bytes[(4 + size)...])
    }

    /// A replacement and the length of what it stands for.
    struct Found {
        let replacement: ArraySlice<UInt8>
        let length: Int
    }

    /// What text that begins at a position is replaced by: by the longest key, or by the shortest.
    func find(_ text: [UInt8], _ range: Range<Int>, shortest: Bool = false) -> Found? {
        var found: Found?
        var node = Self.offset(units[0])
        for index in range {
            node ^= Int(text[index])
            guard node < units.count, units[node] & 0x8000_00FF == UInt32(text[index]) else {
                break
            }
            let unit = units[node]
            node ^= Self.offset(unit)
            guard unit >> 8 & 1 != 0 else { continue }
            guard node < units.count else { break }
            let start = Int(units[node] & 0x7FFF_FFFF)
            guard start <= replacements.count else { break }
            let rest = replacements[start...]
            found = Found(
                replacement: rest.prefix { $0 != 0 }, length: index + 1 - range.lowerBound)
            if shortest { break }
        }
        return found
    }

    private static func offset(_ unit: UInt32) -> Int {
        Int(unit >> 10) << Int((unit & 0x200) >> 6)
    }

    /// A text with all replacements, as `tokenizers` makes them: of clusters of few bytes as
    /// wholes, of others scalar by scalar, and by the shortest key that they begin with.
    func rewriteClusters(_ text: [UInt8]) -> [UInt8] {
        guard let source = String(validating: text, as: UTF8.self) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var start = 0
        for character in source {
            let end = start + character.utf8.count
            if end - start < 6, let found = find(text, start..<end, shortest: true) {
                result.append(contentsOf: found.replacement)
            } else {
                rewriteScalars(text, start..<end, to: &result)
            }
            start = end
        }
        return result
    }

    private func rewriteScalars(_ text: [UInt8], _ range: Range<Int>, to result: inout [UInt8]) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(start + TextScanner.width(of: text[start]), range.upperBound)
            if let found = find(text, start..<end, shortest: true) {
                result.append(contentsOf: found.replacement)
            } else {
                result.append(contentsOf: text[start..<end])
            }
            start = end
        }
    }
}
