/// An expression and where it stands.
struct Expression: Sendable {
    let kind: Kind
    let place: Place
    /// How many expressions are one inside the other, this one included.
    let depth: Int

    indirect enum Kind: Sendable {
        case none
        case bool(Bool)
        case integer(Int)
        case float(Double)
        case text(MarkedText)
        case name(String)
        case list([Expression])
        case tuple([Expression])
        case dictionary([(key: Expression, value: Expression)])
        case attribute(Expression, MarkedText)
        case item(Expression, Expression)
        case slice(Expression, Slice)
        case call(Expression, ArgumentList)
        case filter(Expression, FilterUse)
        case test(Expression, String, ArgumentList, isNegated: Bool)
        case negation(Expression)
        case plus(Expression)
        case not(Expression)
        /// `a + b - c`: operators of one strength from the left, so that long chains are no depth.
        case arithmetic(Expression, [(sign: ArithmeticSign, operand: Expression)])
        case concatenation([Expression])
        case comparison(Expression, [(sign: ComparisonSign, operand: Expression)])
        case and([Expression])
        case or([Expression])
        case conditional(then: Expression, test: Expression, otherwise: Expression?)
    }

    struct Slice: Sendable {
        var start: Expression?
        var stop: Expression?
        var step: Expression?
    }

    /// Whether a call block may call it.
    var isCall: Bool { if case .call = kind { true } else { false } }
}

/// The arguments of a call as written.
struct ArgumentList: Sendable {
    var positional: [Expression] = []
    var named: [(name: String, value: Expression)] = []
    var star: Expression?
    var doubleStar: Expression?

    var all: [Expression] {
        positional + named.map(\.value) + [star, doubleStar].compactMap { $0 }
    }
}

/// A filter applied to what comes before it.
struct FilterUse: Sendable {
    let name: String
    let arguments: ArgumentList
    let place: Place
}

enum ArithmeticSign: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case remainder = "%"
    case power = "**"
}

enum ComparisonSign: String, Sendable {
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contained = "in"
    case notContained = "not in"
}
