import ArgumentParser
import ChatTemplates
import Conversation
import QuireKit

/// Which chat template conversations are written with.
struct TemplateOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The chat template: a built-in one (\(BuiltInTemplates.names.joined(separator: ", "))),"
                + " one in the model's file by its name, or a file.", valueName: "name or file"),
        completion: .list(BuiltInTemplates.names))
    var chatTemplate: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How calls of tools in answers are read: auto (as the template writes them), none (as "
                + "text), harmony (gpt-oss), functionary (3.2) or mistral ([TOOL_CALLS]).",
            valueName: "name"))
    var toolParser = ToolParser.auto

    /// The template that was asked for, or else the model's own; nil: it has none.
    func choice(_ loaded: LoadedModel) throws -> ChatTemplateChoice? {
        try ChatTemplateChoice(chatTemplate, own: loaded.chatTemplates)
    }

    /// How the model is talked to; nil: it has no chat template, or one of its own that cannot be
    /// used, which a person is told.
    ///
    /// - Throws: when the template that was asked for cannot be used.
    func model(_ loaded: LoadedModel) throws -> ChatModel? {
        guard let choice = try choice(loaded) else { return nil }
        do throws(TemplateError) {
            return try ChatModel(
                template: choice.source, tokenizer: loaded.tokenizer, parser: toolParser)
        } catch {
            let fault = TemplateFault(path: choice.name, error: error)
            guard choice.isOwn, chatTemplate == nil else { throw fault }
            Terminal.note("warning: conversations are refused: \(fault)")
            return nil
        }
    }
}

extension ToolParser: ExpressibleByArgument {}
