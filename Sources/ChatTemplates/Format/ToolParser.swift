/// How a model's answers are read: as was learned from its template, or in a way that has a name.
package enum ToolParser: String, Hashable, Sendable, CaseIterable {
    /// As was learned from the template; where that was not understood, in the way that the
    /// template is recognised by.
    case auto
    /// Calls are text.
    case none
    /// The channels of gpt-oss.
    case harmony
    /// The recipients of Functionary 3.2.
    case functionary
    /// What follows Mistral's `[TOOL_CALLS]`.
    case mistral

    /// The way that a template writes calls in; nil: none of those that have a name.
    package static func recognised(in source: String) -> ToolParser? {
        if source.contains("<|channel|>"), source.contains("<|message|>") { return .harmony }
        if source.contains(">>>all") { return .functionary }
        return source.contains("[TOOL_CALLS]") ? .mistral : nil
    }

    /// What was learned from a template, changed to this way.
    package func apply(to learned: inout LearnedFormat, template source: String) {
        learned.parser = self
        switch self {
        case .auto:
            guard learned.format.calls == nil else { return }
            Self.recognised(in: source)?.apply(to: &learned, template: source)
            return
        case .none:
            learned.format.calls = nil
            learned.callsFailure = "calls are left in the text, as was asked for"
            return
        case .harmony: learned.format = Self.harmony(learned.format)
        case .functionary: learned.format = Self.functionary(learned.format)
        case .mistral:
            learned.format.calls = Self.mistral(source)
            learned.format.reasoning = learned.format.reasoning ?? Self.mistralThoughts(source)
        }
        learned.callsFailure = nil
        learned.check = nil
    }

    /// The header is the template's, where it was found.
    private static func harmony(_ learned: AnswerFormat) -> AnswerFormat {
        var format = AnswerFormat()
        format.heads = .harmony
        format.header = learned.header.isEmpty ? "<|start|>assistant" : learned.header
        let analysis = Marker("<|channel|>analysis<|message|>")
        let final = Marker("<|end|><|start|>assistant<|channel|>final<|message|>")
        format.reasoning = AnswerFormat.Brackets(open: analysis, close: final)
        // `<|end|>` ends a message, and the answer goes on.
        format.end = Marker("<|return|>")
        format.calls = CallFormat(
            body: .json([
                .marker(Marker("<|channel|>commentary to=functions.")), .name,
                .marker(Marker(" <|constrain|>json<|message|>")),
            ]), close: Marker("<|call|>"))
        return format
    }

    /// The header and the end are the template's.
    private static func functionary(_ learned: AnswerFormat) -> AnswerFormat {
        var format = AnswerFormat()
        format.heads = .functionary
        format.header = learned.header
        if format.header.hasSuffix(">>>") { format.header.removeLast(3) }
        format.end = learned.end
        format.calls = CallFormat(
            body: .json([.name, .marker(Marker("\n"))]), allowsSeveral: true)
        return format
    }

    /// A list of objects, or a name and its arguments, as the template has it.
    private static func mistral(_ source: String) -> CallFormat {
        let open = Marker("[TOOL_CALLS]")
        if source.contains("[ARGS]") {
            let id: [CallFormat.HeadPart] =
                source.contains("[CALL_ID]") ? [.marker(Marker("[CALL_ID]")), .id] : []
            return CallFormat(
                body: .json([.marker(open), .name] + id + [.marker(Marker("[ARGS]"))]),
                allowsSeveral: true, keepsIDs: !id.isEmpty)
        }
        return CallFormat(
            sectionOpen: Marker("[TOOL_CALLS] ["), sectionClose: Marker("]"),
            separator: Marker(","),
            body: .object(
                CallFormat.ObjectShape(name: ["name"], arguments: ["arguments"], id: ["id"]),
                open: .none),
            allowsSeveral: true, keepsIDs: true)
    }

    private static func mistralThoughts(_ source: String) -> AnswerFormat.Brackets? {
        guard source.contains("[THINK]") else { return nil }
        return AnswerFormat.Brackets(open: Marker("[THINK]"), close: Marker("[/THINK]"))
    }
}
