/// WordPiece, as BERT has it: of each word the longest token that it begins with, then the longest
/// that goes on with it.
struct WordPieceModel: Sendable {
    /// What tokens begin with that begin a word, and those that go on with it.
    let wordPrefix: [UInt8]
    let continuingPrefix: [UInt8]
    /// The token of a word that no tokens make.
    let unknown: UInt32
    /// The characters of the longest word that is looked at; a longer one is unknown.
    let longestWord: Int
    /// The bytes of the longest token.
    let longest: Int
}
