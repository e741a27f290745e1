import ArgumentParser
import ChatTemplates
import Conversation
import QuireEngine
import QuireKit

/// The options of `quire run` that concern conversations.
struct ChatOptions: ParsableArguments {
    @Flag(name: .long, help: "Continue texts as they are, also where the model has a template.")
    var raw = false

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Instructions that the conversation begins with.", valueName: "text"))
    var system: String?

    @OptionGroup var template: TemplateOptions

    @Flag(
        name: .long, inversion: .prefixedNo,
        help: "Whether the model thinks first, where its template has a switch for that.")
    var think: Bool?

    func validate() throws {
        guard raw, let option = given else { return }
        throw ValidationError("\(option) has no meaning with --raw.")
    }

    /// An option that needs a template.
    var given: String? {
        if system != nil { return "--system" }
        if template.chatTemplate != nil { return "--chat-template" }
        if template.toolParser != .auto { return "--tool-parser" }
        return think.map { $0 ? "--think" : "--no-think" }
    }

    /// What answers conversations; nil: texts are continued as they are.
    ///
    /// - Throws: when the template cannot be used, or is missing where an option needs it.
    func answerer(_ session: ModelSession, _ flag: StopFlag) throws -> ChatAnswerer? {
        guard !raw else { return nil }
        guard let choice = try template.choice(session.loaded) else {
            guard let given else { return nil }
            throw ChatRefusal(
                "\(given): the model has no chat template. --chat-template chatml (or a file) "
                    + "gives it one.")
        }
        let model: ChatModel
        do throws(TemplateError) {
            model = try ChatModel(
                template: choice.source, tokenizer: session.tokenizer, parser: template.toolParser)
        } catch {
            throw TemplateFault(path: choice.name, error: error)
        }
        if let think, !model.capabilities.knowsThinkingSwitch {
            throw ChatRefusal(
                "\(think ? "--think" : "--no-think"): the chat template has no switch for "
                    + "thinking (enable_thinking).")
        }
        return ChatAnswerer(session: session, model: model, flag: flag)
    }

    /// A conversation with nothing said.
    func conversation(
        _ parameters: SamplingParameters, _ answerer: ChatAnswerer, isVerbose: Bool
    ) throws -> ChatConversation {
        try ChatConversation(
            system: system, parameters: parameters, thinks: think, isVerbose: isVerbose,
            knowsThinking: answerer.model.capabilities.knowsThinkingSwitch)
    }
}
