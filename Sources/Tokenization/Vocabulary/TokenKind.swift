/// What a token is for (`tokenizer.ggml.token_type`).
enum TokenKind: UInt8, Sendable {
    case normal = 1
    /// Stands for text that no other token can.
    case unknown = 2
    /// Structure, such as the end of a turn: not text, found in text only when asked for.
    case control = 3
    /// Text that is always taken as one token.
    case userDefined = 4
    /// A place kept free.
    case unused = 5
    /// One byte, written `<0xNN>`.
    case byte = 6

    /// The kind of a number in a file; numbers that are not known are as good as unused.
    init(number: Int) {
        self = UInt8(exactly: number).flatMap(TokenKind.init(rawValue:)) ?? .unused
    }

    /// Whether the token is left out of decoded text.
    var isSpecial: Bool { self == .control || self == .unknown }
}
