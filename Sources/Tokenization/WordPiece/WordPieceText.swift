/// The text that a token of WordPiece adds to the one before it.
enum WordPieceText {
    static func append(
        _ token: ArraySlice<UInt8>, continuing: [UInt8], start: [UInt8], cleansUp: Bool,
        to output: inout [UInt8]
    ) {
        if continuing.isEmpty ? !token.starts(with: start) : token.starts(with: continuing) {
            return output.append(contentsOf: token.dropFirst(continuing.count))
        }
        let word = token.dropFirst(start.count)
        if !cleansUp || !joining.contains(where: { word.starts(with: $0) }) {
            output.append(UInt8(ascii: " "))
        }
        output.append(contentsOf: word)
    }

    /// What words begin with that have no space before them, where spaces are cleaned up.
    private static let joining = [".", "?", "!", ",", "n't", "'m", "'s", "'ve", "'re"]
        .map { Array($0.utf8) }
}
