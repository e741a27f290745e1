import ChatTemplates
package import QuireJSON

extension ChatModel {
    /// Writes what its template can do, and what was learned of how it marks thoughts and calls of
    /// tools, as `quire chat-template --check` names it.
    package func writeProperties(to out: inout JSONWriter) {
        out.value([
            "renders": .object(capabilities.named.map { .init($0.name, .bool($0.holds)) }),
            "reasoning": reasoning, "calls": calls,
        ])
    }

    private var reasoning: JSONValue {
        guard let marks = learned.format.reasoning else { return .null }
        return ["open": .string(marks.open.text), "close": .string(marks.close.text)]
    }

    private var calls: JSONValue {
        guard let format = learned.format.calls else {
            return [
                "understood": false, "reason": learned.callsFailure.map { .string($0) } ?? .null,
            ]
        }
        return [
            "understood": true, "parallel": .bool(format.allowsSeveral),
            "begin": .string(format.beginning(with: nil).string),
        ]
    }
}
