package import QuireJSON

/// What was learned from a template.
package struct LearnedFormat: Hashable, Sendable {
    /// How answers are written.
    package var format = AnswerFormat()
    /// In what form the template wants conversations.
    package var form = ContextForm()
    /// Why calls of tools were not understood; nil: they were.
    package var callsFailure: String?
    /// What came of writing calls and reading them back.
    package var check: RoundTrip.Report?
    /// How answers are read, by name where that was not learned.
    package var parser = ToolParser.auto

    /// An answer is text.
    package init() {}
}

/// Learns from a template how its model writes thoughts and calls of tools.
///
/// Two conversations that differ in one fact are rendered; what the renderings differ in is how the
/// fact is written. Nothing is known of any model.
package struct FormatLearner: Sendable {
    var probe: Probe
    var learned = LearnedFormat()

    /// Learns from a template.
    ///
    /// - Parameters:
    ///   - names: what the template sees besides the conversation, such as `bos_token`.
    /// - Returns: what two sets of random words agree on; calls that they do not agree on, or that
    ///   cannot be read back as they were written, were not understood.
    /// - Complexity: some fifty renderings of short conversations.
    package static func learn(
        _ template: ChatTemplate, names: [JSONValue.Member] = []
    ) -> LearnedFormat {
        let learned = [UInt64(3), 5].map { seed in
            var learner = FormatLearner(
                probe: Probe(template: template, needles: Needles(seed: seed), names: names))
            learner.learn()
            return learner.learned
        }
        var result = learned[0]
        if learned[0].format.calls != learned[1].format.calls {
            result.format.calls = nil
            result.callsFailure = "it depends on the words of a call how the call is written"
        }
        if learned[0].format.reasoning != learned[1].format.reasoning {
            result.format.reasoning = nil
            result.form.reasoningKey = nil
        }
        guard result.format.calls != nil else { return result }
        var trip = RoundTrip(template, result, names: names)
        let report = trip.check(conversations: TemplateLimits.checkedConversations)
        result.check = report
        if report.equal < report.written || report.withCalls == 0 {
            result.format.calls = nil
            result.callsFailure = "calls were not read back as the template writes them"
        }
        return result
    }

    private mutating func learn() {
        learnContent()
        learnHeader()
        learnReasoning()
        learnText()
        learnCalls()
    }

    private mutating func learnContent() {
        func isGood(_ probe: Probe) -> Bool {
            guard let body = probe.body([probe.answer(content: true)]) else { return false }
            return Bytes.find(probe.needles.content, in: Array(body.utf8)) != nil
        }
        guard !isGood(probe) else { return }
        var typed = probe
        typed.form.contentIsTyped = true
        if isGood(typed) { probe = typed }
        learned.form = probe.form
    }

    /// What stands before every answer, in prompts and in the history of a conversation.
    private mutating func learnHeader() {
        guard let prompt = probe.body([], begins: true) else { return }
        let answer = probe.answer(content: true)
        let thoughtful = probe.answer(content: true, reasoning: true)
        var bodies = [probe.body([answer])]
        for key in Self.reasoningKeys {
            var other = probe
            other.form.reasoningKey = key
            bodies.append(other.body([thoughtful]))
        }
        let call = probe.needles.call(0, arguments: 2)
        for isNone in [true, false] {
            for isText in [true, false] {
                var other = probe
                other.form.emptyContentIsNone = isNone
                other.form.argumentsAreText = isText
                bodies.append(other.body([probe.answer(calls: [call])], tools: probe.needles.tools))
            }
        }
        let header = bodies.compactMap { $0 }.reduce(prompt, Bytes.commonPrefix)
        learned.format.header = withoutOpenTag(header, bodies[0] ?? "")
    }

    /// Without a tag at its end that is closed before the text: thoughts that were left empty.
    private func withoutOpenTag(_ header: String, _ body: String) -> String {
        let bytes = Array(header.utf8)
        guard
            let start = bytes.lastIndex(where: {
                $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "[")
            }),
            let close = Self.closingTag(of: Bytes.text(bytes, start..<bytes.count))
        else { return header }
        let rest = Array(body.dropping(prefix: header).utf8)
        guard let closed = Bytes.find(close, in: rest),
            let text = Bytes.find(probe.needles.content, in: rest),
            closed.upperBound <= text.lowerBound
        else { return header }
        return Bytes.text(bytes, 0..<start)
    }

    static let reasoningKeys = ["reasoning_content", "reasoning", "thinking"]

    /// What stands around text, and what ends an answer.
    private mutating func learnText() {
        let needles = probe.needles
        guard let body = probe.body([probe.answer(content: true)]),
            let place = Bytes.find(needles.content, in: Array(body.utf8))
        else { return }
        let bytes = Array(body.utf8)
        let before = withoutReasoning(
            Bytes.text(bytes, 0..<place.lowerBound).dropping(prefix: learned.format.header))
        let after = Bytes.text(bytes, place.upperBound..<bytes.count)
        learned.format.end = Marker(after)
        if !before.trimmed.isEmpty {
            learned.format.content = AnswerFormat.Brackets(
                open: Marker(before), close: Marker(after))
        }
    }

    /// Without thoughts that were left empty.
    func withoutReasoning(_ text: String) -> String {
        guard let reasoning = learned.format.reasoning else { return text }
        var text = text
        for marker in [reasoning.open, reasoning.close] {
            let rest = String(decoding: text.utf8.drop(while: Marker.isSpace), as: UTF8.self)
            let word = marker.text.trimmed
            if !word.isEmpty, rest.utf8.starts(with: word.utf8) {
                text = rest.dropping(prefix: word)
            }
        }
        return text
    }
}
