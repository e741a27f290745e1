/// What a template does, in order.
indirect enum Statement: Sendable {
    case text(MarkedText)
    case output(Expression)
    case condition([(test: Expression, body: [Statement])], otherwise: [Statement])
    case loop(Loop)
    case assignment(Target, Expression)
    /// `{% set x | filter %}...{% endset %}`
    case capture(Target, [FilterUse], [Statement])
    case macro(MacroDefinition)
    /// `{% call(x) f() %}...{% endcall %}`
    case callBlock(MacroDefinition, Expression)
    case filterBlock([FilterUse], [Statement])
    case with([(target: Target, value: Expression)], [Statement])
    /// A block with names of its own: `{% generation %}`.
    case scope([Statement])
    case breakLoop
    case continueLoop

    struct Loop: Sendable {
        let target: Target
        let items: Expression
        let filter: Expression?
        let isRecursive: Bool
        let body: [Statement]
        let otherwise: [Statement]
        let place: Place
    }

    /// What a value may be assigned to.
    indirect enum Target: Sendable {
        case name(String, Place)
        case attribute(of: String, String, Place)
        case tuple([Target], Place)
    }
}

/// A macro, or the body of a call block.
struct MacroDefinition: Sendable {
    let name: String
    let parameters: [Parameter]
    let body: [Statement]
    let place: Place

    /// Which of `varargs`, `kwargs` and `caller` the body reads: a macro that reads none of them
    /// takes no surplus arguments.
    let reads: Set<String>

    struct Parameter: Sendable {
        let name: String
        let value: Expression?
    }
}
