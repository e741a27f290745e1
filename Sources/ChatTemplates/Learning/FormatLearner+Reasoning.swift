import QuireJSON

/// Thoughts: the markers around them.
extension FormatLearner {
    mutating func learnReasoning() {
        for key in Self.reasoningKeys {
            var other = probe
            other.form.reasoningKey = key
            guard let brackets = brackets(other) ?? bracketsBesideCalls(other) else { continue }
            learned.format.reasoning = brackets
            learned.form.reasoningKey = key
            probe = other
            learned.form = probe.form
            return
        }
        learned.format.reasoning = bracketsOfPrompt()
    }

    /// What is around thoughts in a message that has them before its text.
    private func brackets(_ probe: Probe) -> AnswerFormat.Brackets? {
        let needles = probe.needles
        guard let body = probe.body([probe.answer(content: true, reasoning: true)]),
            let thought = Bytes.find(needles.reasoning, in: Array(body.utf8)),
            let text = Bytes.find(needles.content, in: Array(body.utf8)),
            thought.upperBound <= text.lowerBound
        else { return nil }
        let bytes = Array(body.utf8)
        let open = Bytes.text(bytes, 0..<thought.lowerBound)
            .dropping(prefix: learned.format.header)
        let between = Bytes.text(bytes, thought.upperBound..<text.lowerBound)
        guard !open.trimmed.isEmpty, !between.trimmed.isEmpty else { return nil }
        return AnswerFormat.Brackets(
            open: Marker(open), close: Marker(close(of: open, in: between, probe)))
    }

    /// What is around thoughts in a message that goes on with a call.
    private func bracketsBesideCalls(_ probe: Probe) -> AnswerFormat.Brackets? {
        let needles = probe.needles
        let call = needles.call(0, arguments: 2)
        let tools = needles.tools
        guard
            let thoughtful = probe.body(
                [probe.answer(reasoning: true, calls: [call])], tools: tools),
            let plain = probe.body([probe.answer(calls: [call])], tools: tools),
            let thought = Bytes.find(needles.reasoning, in: Array(thoughtful.utf8)),
            let name = Bytes.find(needles.names[0], in: Array(thoughtful.utf8)),
            let plainName = Bytes.find(needles.names[0], in: Array(plain.utf8)),
            thought.upperBound <= name.lowerBound
        else { return nil }
        let bytes = Array(thoughtful.utf8)
        let open = Bytes.text(bytes, 0..<thought.lowerBound)
            .dropping(prefix: learned.format.header)
        let own = Bytes.text(Array(plain.utf8), 0..<plainName.lowerBound)
            .dropping(prefix: learned.format.header)
        let between = Bytes.text(bytes, thought.upperBound..<name.lowerBound)
        // Thoughts that were left empty: the end of theirs is the first tag.
        let close =
            own.trimmed.hasPrefix(open.trimmed)
            ? Self.firstTag(of: between) : between.dropping(suffix: own)
        guard !open.trimmed.isEmpty, !close.trimmed.isEmpty else { return nil }
        return AnswerFormat.Brackets(open: Marker(open), close: Marker(close))
    }

    private static func firstTag(of text: String) -> String {
        let bytes = Array(text.utf8)
        let end = bytes.firstIndex { $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "]") }
        return Bytes.text(bytes, 0..<(end.map { $0 + 1 } ?? 0))
    }

    /// The end of the thoughts, of what stands between them and the text.
    private func close(of open: String, in between: String, _ probe: Probe) -> String {
        if let tag = Self.closingTag(of: open),
            let range = Bytes.find(tag, in: Array(between.utf8))
        {
            return Bytes.text(Array(between.utf8), 0..<range.upperBound)
        }
        // What stands before a text without thoughts is the text's.
        guard let body = probe.body([probe.answer(content: true)]),
            let text = Bytes.find(probe.needles.content, in: Array(body.utf8))
        else { return between }
        let own = Bytes.text(Array(body.utf8), 0..<text.lowerBound)
            .dropping(prefix: learned.format.header)
        let rest = between.dropping(suffix: own)
        return own.trimmed.isEmpty || rest.trimmed.isEmpty ? between : rest
    }

    /// `</think>` of `<think>`, `[/THINK]` of `[THINK]`.
    static func closingTag(of open: String) -> String? {
        let text = open.trimmed
        guard let first = text.first, first == "<" || first == "[",
            text.last == (first == "<" ? ">" : "]")
        else { return nil }
        guard !text.dropFirst().contains(first) else { return nil }
        return "\(first)/" + text.dropFirst()
    }

    /// Thoughts that the template drops from the history, and only prompts begin: the last tag of a
    /// prompt that is about thinking.
    private func bracketsOfPrompt() -> AnswerFormat.Brackets? {
        let thinking = [JSONValue.Member("enable_thinking", .bool(true))]
        for arguments in [[], thinking] {
            guard let prompt = probe.body([], begins: true, arguments: arguments) else { continue }
            let tail = prompt.dropping(prefix: learned.format.header).trimmed
            for name in ["think", "thinking", "thought", "reasoning"] {
                for open in ["<\(name)>", "[\(name.uppercased())]"] where tail.hasPrefix(open) {
                    guard let close = Self.closingTag(of: open) else { continue }
                    return AnswerFormat.Brackets(open: Marker(open), close: Marker(close))
                }
            }
        }
        return nil
    }
}
