/// What a parser has read of an answer.
package enum AnswerPiece: Hashable, Sendable {
    /// More thoughts.
    case reasoning(String)
    /// More text.
    case text(String)
    /// A call begins; its id if the answer has one.
    case callBegan(id: String?, name: String)
    /// More of the arguments' JSON.
    case callArguments(String)
    /// The call is complete.
    case callEnded
}
