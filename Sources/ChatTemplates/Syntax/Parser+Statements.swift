extension Parser {
    /// Statements up to one of the given tags, at whose name it stops; without any, up to the
    /// end of the source.
    mutating func statements(until ends: [String]) throws(TemplateError) -> [Statement] {
        var result: [Statement] = []
        while true {
            switch current.kind {
            case .data(let text):
                result.append(.text(text))
                advance()
            case .outputBegin:
                advance()
                result.append(.output(try tuple()))
                try expect(.outputEnd, "'}}'")
            case .tagBegin:
                advance()
                if isName(in: ends) { return result }
                result.append(
                    try nested { parser throws(TemplateError) in try parser.statement() })
                try expect(.tagEnd, "'%}'")
            case .end where ends.isEmpty: return result
            default:
                throw error(
                    "expected \(ends.map { "'\($0)'" }.joined(separator: " or ")), found "
                        + current.description)
            }
        }
    }

    /// The statements of a block from the end of its first tag on. The tag that ends them is
    /// next; with `dropsEnd` it is read.
    mutating func body(
        until ends: [String], isSoft soft: Bool = false, dropsEnd: Bool = true
    ) throws(TemplateError) -> [Statement] {
        let wasSoft = isSoft
        isSoft = soft
        defer { isSoft = wasSoft }
        _ = skip(sign: ":")
        try expect(.tagEnd, "'%}'")
        let result = try statements(until: ends)
        if dropsEnd { advance() }
        return result
    }

    private mutating func statement() throws(TemplateError) -> Statement {
        let place = current.place
        let name = try expectName()
        switch name {
        case "if": return try condition()
        case "for": return try loop(place)
        case "set": return try assignment()
        case "macro": return .macro(try macro(place))
        case "call": return try callBlock(place)
        case "filter":
            let uses = try filterUses(isFirst: true)
            return .filterBlock(uses, try body(until: ["endfilter"]))
        case "with": return try with()
        case "generation": return .scope(try body(until: ["endgeneration"]))
        case "break", "continue":
            if loops == 0 { throw error("'\(name)' outside of a loop", at: place) }
            return name == "break" ? .breakLoop : .continueLoop
        default:
            throw TemplateError(.unknown, "unknown statement '\(name)'").placed(at: place)
        }
    }

    private mutating func condition() throws(TemplateError) -> Statement {
        var branches: [(test: Expression, body: [Statement])] = []
        let wasSoft = isSoft
        isSoft = true
        defer { isSoft = wasSoft }
        while true {
            let test = try tuple(allowsCondition: false)
            let body = try body(
                until: ["elif", "else", "endif"], isSoft: true, dropsEnd: false)
            branches.append((test, body))
            let word = try expectName()
            if word == "elif" { continue }
            let otherwise = word == "else" ? try self.body(until: ["endif"], isSoft: true) : []
            return .condition(branches, otherwise: otherwise)
        }
    }

    private mutating func loop(_ place: Place) throws(TemplateError) -> Statement {
        loops += 1
        let target = try target(allowsAttribute: false, until: ["in"])
        loops -= 1
        try expect(name: "in")
        let items = try tuple(allowsCondition: false, until: ["recursive"])
        var filter: Expression?
        if skip(name: "if") {
            let wasSoft = isSoft
            isSoft = false
            filter = try expression()
            isSoft = wasSoft
        }
        let isRecursive = skip(name: "recursive")
        loops += 1
        let body = try body(until: ["endfor", "else"], dropsEnd: false)
        loops -= 1
        let otherwise = isName("else") ? try elseBody() : []
        if otherwise.isEmpty, isName("endfor") { advance() }
        return .loop(
            Statement.Loop(
                target: target, items: items, filter: filter, isRecursive: isRecursive,
                body: body, otherwise: otherwise, place: place))
    }

    private mutating func elseBody() throws(TemplateError) -> [Statement] {
        advance()
        return try body(until: ["endfor"])
    }

    private mutating func assignment() throws(TemplateError) -> Statement {
        let target = try target(allowsAttribute: true)
        if skip(sign: "=") { return .assignment(target, try tuple()) }
        let uses = try filterUses(isFirst: false)
        return .capture(target, uses, try body(until: ["endset"]))
    }

    private mutating func filterUses(isFirst: Bool) throws(TemplateError) -> [FilterUse] {
        let wasSoft = isSoft
        isSoft = false
        defer { isSoft = wasSoft }
        var uses: [FilterUse] = isFirst ? [try filterUse()] : []
        while skip(sign: "|") { uses.append(try filterUse()) }
        return uses
    }

    private mutating func with() throws(TemplateError) -> Statement {
        var bindings: [(target: Statement.Target, value: Expression)] = []
        while current.kind != .tagEnd {
            if !bindings.isEmpty { try expect(sign: ",") }
            let target = try target(allowsAttribute: false, allowsTuple: false)
            try expect(sign: "=")
            bindings.append((target, try expression()))
        }
        return .with(bindings, try body(until: ["endwith"]))
    }
}
