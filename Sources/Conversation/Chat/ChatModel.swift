package import ChatTemplates
package import QuireEngine
package import QuireIdentifiers
import QuireJSON
package import Tokenization

/// A model that one can talk to: its template, what was learned from it, and its tokens.
///
///     let model = try ChatModel(template: source, tokenizer: tokenizer)
///     let prompt = try model.prompt(of: request, now: now)
///     var reader = AnswerReader(model, request, prompt)
///     for await delta in engine.submit(...) { for event in reader.read(delta) { ... } }
package struct ChatModel: Sendable {
    /// The tokens and texts of the model.
    package let tokenizer: Tokenizer

    /// How the model writes answers.
    package let learned: LearnedFormat

    /// What the template can do.
    package let capabilities: TemplateCapabilities

    /// Whether calls of tools in its answers are understood.
    package var callsTools: Bool { learned.format.calls != nil }

    /// Whether it thinks before it answers.
    package var thinks: Bool { learned.format.reasoning != nil }

    private let template: ChatTemplate
    private let names: [JSONValue.Member]
    /// Tokens that the template's text is made of, which no message can forge.
    private let structure: Set<TokenID>
    /// Whether markers of answers are special tokens, whose names the text must show.
    private let showsSpecialTokens: Bool
    /// What ends an answer, where the vocabulary has no token for it that does.
    private let endText: String?

    /// A model by the source of its template.
    ///
    /// - Parameter parser: how its answers are read.
    /// - Throws: `TemplateError`, with the place of what is wrong.
    /// - Complexity: some seventy renderings of short conversations.
    package init(
        template source: String, tokenizer: Tokenizer, parser: ToolParser = .auto
    ) throws(TemplateError) {
        template = try ChatTemplate(parsing: source)
        self.tokenizer = tokenizer
        let tokens = [("bos_token", tokenizer.bos), ("eos_token", tokenizer.eos)]
        let names = tokens.map { name, token in
            JSONValue.Member(name, .string(token.flatMap { tokenizer.piece(of: $0) } ?? ""))
        }
        self.names = names
        var learned = FormatLearner.learn(template, names: names)
        parser.apply(to: &learned, template: source)
        self.learned = learned
        capabilities = TemplateCapabilities.probe(template, learned, names: names)
        structure = tokenizer.structure(of: source)
        endText = Self.endText(learned.format.end, tokenizer)
        showsSpecialTokens = learned.format.markers.contains { marker in
            tokenizer.encode(marker.text, parseSpecial: true).contains { tokenizer.isSpecial($0) }
        }
    }

    /// What a model that does not know the template's end of a turn has to be stopped at.
    private static func endText(_ end: Marker, _ tokenizer: Tokenizer) -> String? {
        let text = end.trimmed
        guard !text.isEmpty,
            !tokenizer.encode(text, parseSpecial: true).contains(where: {
                tokenizer.endOfGeneration.contains($0)
            })
        else { return nil }
        return text
    }

    /// The tokens that a conversation is to the model.
    ///
    /// - Parameter now: what the template takes for the time.
    /// - Throws: `RequestError`, when the template refuses the conversation, with its words.
    package func prompt(
        of request: ChatRequest, now: TemplateDate
    ) throws(RequestError) -> ChatPrompt {
        let folded = FoldedConversation(
            request.messages, tools: request.toolChoice == .none ? [] : request.tools,
            for: capabilities)
        let context = TemplateContext(
            folded.messages, tools: folded.tools, form: learned.form,
            beginsAnswer: request.beginsAnswer && !request.continuesLastMessage,
            names: names, arguments: arguments(of: request))
        var text: MarkedText
        do throws(TemplateError) {
            text = try template.render(context, now: now)
        } catch {
            throw RequestError(
                "the model's chat template refuses the conversation: \(error.message)",
                param: "messages")
        }
        if request.continuesLastMessage {
            guard let cut = text.through(last: folded.messages.last?.text ?? "") else {
                throw RequestError(
                    "`continue_final_message`: the model's chat template does not end with the "
                        + "text of the last message", param: "continue_final_message")
            }
            text = cut
        }
        if let call = try forcedCall(request) { text.append(call) }
        return ChatPrompt(text, tokenizer: tokenizer, structure: structure)
    }

    /// What the template is told beside the conversation.
    private func arguments(of request: ChatRequest) -> [JSONValue.Member] {
        var arguments = request.templateArguments
        func add(_ name: String, _ value: JSONValue?) {
            guard let value, !arguments.contains(where: { $0.key == name }) else { return }
            arguments.append(.init(name, value))
        }
        add("enable_thinking", request.reasoning.isEnabled.map { .bool($0) })
        add("reasoning_effort", request.reasoning.effort.map { .string($0) })
        return arguments
    }

    /// What an answer begins with that has to call a tool.
    private func forcedCall(_ request: ChatRequest) throws(RequestError) -> MarkedText? {
        guard let calls = learned.format.calls, !request.tools.isEmpty else { return nil }
        switch request.toolChoice {
        case .auto, .none: return nil
        case .named(let tool): return calls.beginning(with: tool)
        case .required:
            let beginning = calls.beginning(with: nil)
            guard beginning.isEmpty else { return beginning }
            // The call begins with its name: with one tool there is one.
            guard request.tools.count == 1 else {
                throw RequestError(
                    "`tool_choice` cannot be required: a call of this model begins with the "
                        + "tool's name; name the tool, or offer one alone", param: "tool_choice")
            }
            return calls.beginning(with: request.tools[0].name)
        }
    }

    /// What ends the thoughts of an answer once they have had their tokens; nil: the template does
    /// not say how thoughts end.
    func thinkingBudget(
        _ tokens: Int, for request: ChatRequest, after prompt: ChatPrompt
    ) -> ThinkingBudget? {
        ThinkingBudget(tokens, self, request, after: prompt)
    }

    /// The parameters of a request whose answer is to be read by the format.
    package func parameters(of request: ChatRequest) -> SamplingParameters {
        var parameters = request.parameters
        if showsSpecialTokens { parameters.skipSpecialTokens = false }
        if let endText, !parameters.stop.contains(endText) { parameters.stop.append(endText) }
        return parameters
    }
}

/// A conversation as the model is given it.
package struct ChatPrompt: Hashable, Sendable {
    /// The tokens.
    package let tokens: [TokenID]

    /// The text that they were made of.
    package let text: String

    /// The same, with fewer tokens where it is to be shortened.
    func shortened(
        _ truncation: PromptTruncation?, context: Int, answer: Int?
    ) -> ChatPrompt {
        guard let truncation else { return self }
        let cut = truncation.cut(tokens, context: context, answer: answer)
        // Without its end a prompt has begun nothing of the answer.
        let hasEnd = truncation.keepsEnd || cut.count == tokens.count
        return ChatPrompt(tokens: cut, text: hasEnd ? text : "")
    }

    private init(tokens: [TokenID], text: String) {
        self.tokens = tokens
        self.text = text
    }

    /// A text as it is.
    init(raw text: String, tokenizer: Tokenizer) {
        self.text = text
        tokens = tokenizer.encodePrompt(text, parseSpecial: true)
    }

    init(_ marked: MarkedText, tokenizer: Tokenizer, structure: Set<TokenID>) {
        var text = ""
        var data: [Range<Int>] = []
        var length = 0
        for piece in marked.pieces {
            let count = piece.text.utf8.count
            if piece.isForeign { data.append(length..<length + count) }
            length += count
            text += piece.text
        }
        self.text = text
        tokens = tokenizer.encode(text, data: data, structure: structure)
    }
}
