/// The smallest part of a template that means something.
struct Token: Sendable {
    enum Kind: Sendable, Equatable {
        /// Text outside of tags.
        case data(MarkedText)
        /// `{{`
        case outputBegin
        /// `}}`
        case outputEnd
        /// `{%`
        case tagBegin
        /// `%}`
        case tagEnd
        case name(String)
        case string(MarkedText)
        case integer(Int)
        case float(Double)
        /// An operator, a bracket or a comma.
        case sign(String)
        /// The end of the source.
        case end
    }

    let kind: Kind
    let place: Place

    /// The token for an error message.
    var description: String {
        switch kind {
        case .data: "text"
        case .outputBegin: "'{{'"
        case .outputEnd: "'}}'"
        case .tagBegin: "'{%'"
        case .tagEnd: "'%}'"
        case .name(let name): "'\(name)'"
        case .string: "a string"
        case .integer, .float: "a number"
        case .sign(let sign): "'\(sign)'"
        case .end: "the end of the template"
        }
    }

    /// Whether an operand may begin here, which decides whether a test without parentheses has
    /// an argument.
    var beginsOperand: Bool {
        switch kind {
        case .name(let name): !["else", "or", "and"].contains(name)
        case .string, .integer, .float: true
        case .sign(let sign): ["(", "[", "{"].contains(sign)
        default: false
        }
    }
}
