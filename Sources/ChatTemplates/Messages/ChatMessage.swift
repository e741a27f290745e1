/// One message of a conversation, whatever dialect it came in.
package struct ChatMessage: Hashable, Sendable {
    /// Who speaks.
    package enum Role: String, Hashable, Sendable, CaseIterable {
        /// The instructions of whoever runs the conversation.
        case system
        /// Instructions below those of `system`, in dialects that tell them apart.
        case developer
        /// The person.
        case user
        /// The model.
        case assistant
        /// The result of a call.
        case tool
    }

    /// Who speaks.
    package var role: Role

    /// The speaker's own name; of a tool's result the name of the tool, where it is known.
    package var name: String?

    /// What is said, in parts; empty where a message only calls tools.
    package var content: [ContentPart]

    /// What the model thought before it spoke.
    package var reasoning: String?

    /// The tools that the model calls, in order.
    package var calls: [ToolCall] = []

    /// Of a tool's result: the call that it answers.
    package var callID: String?

    /// Of a tool's result: whether the tool failed.
    package var isError = false

    /// A message.
    package init(_ role: Role, _ content: [ContentPart], reasoning: String? = nil) {
        self.role = role
        self.content = content
        self.reasoning = reasoning
    }

    /// A message of one text.
    package init(_ role: Role, _ text: String) {
        self.init(role, [.text(text)])
    }

    /// All its texts, one after another.
    package var text: String { content.map(\.text).joined() }
}

/// A part of what a message says.
///
/// Text only: a dialect refuses images, sound and files by name before they get here.
package enum ContentPart: Hashable, Sendable {
    /// Text.
    case text(String)

    /// The text.
    package var text: String {
        switch self {
        case .text(let text): text
        }
    }
}
