import ChatTemplates
import Conversation
import Foundation
import QuireEngine
import QuireKit
import Scheduling

/// Answers conversations with a model, and writes the answers as they come.
struct ChatAnswerer {
    /// The model that computes.
    let session: ModelSession
    /// The model that is talked to.
    let model: ChatModel
    /// Raised by Ctrl-C.
    let flag: StopFlag

    /// An answer and what it took.
    struct Turn {
        let answer: ChatAnswer
        let completion: Completion
    }

    /// Answers a message and writes the answer to stdout.
    ///
    /// - Parameter isLast: whether the process ends with this answer.
    /// - Throws: what is wrong with it, before anything is written.
    func answer(
        _ text: String, in conversation: ChatConversation, isLast: Bool = false
    ) throws -> Turn {
        let request = conversation.request(for: text)
        let prompt = try model.prompt(of: request, now: .current)
        var asked = request
        asked.parameters = model.parameters(of: request)
        let generation = try generation(
            asked, prompt, isFirst: conversation.messages.isEmpty, isLast: isLast)
        var reader = AnswerReader(model, request, prompt)
        var printer = AnswerPrinter(Self.thoughts)
        var answer = ChatAnswer()
        let results = flag.watching(isLast: isLast) {
            session.llm.answer([generation], isCancelled: { flag.isRaised }) { delta in
                for event in reader.read(delta) {
                    answer.append(event)
                    printer.pieces(of: event).forEach(Self.write)
                }
                return true
            }
        }
        printer.finish().forEach(Self.write)
        let completion = try results[0].get()
        StandardStreams.write("\n")
        tellCut(completion, request, isLast: isLast)
        return Turn(answer: answer, completion: completion)
    }

    private func generation(
        _ request: ChatRequest, _ prompt: ChatPrompt, isFirst: Bool, isLast: Bool
    ) throws -> GenerationRequest {
        let context = session.loaded.contextLength
        let bounds = ModelBounds(tokenizer: model.tokenizer, maxModelLength: context)
        do throws(RequestError) {
            return try request.generation(for: prompt.tokens, bounds)
        } catch  where error.code == .contextExceeded {
            throw ChatRefusal(
                prompt: prompt.tokens.count, context: context, isFirst: isFirst, isLast: isLast)
        }
    }

    private func tellCut(_ completion: Completion, _ request: ChatRequest, isLast: Bool) {
        guard completion.finishReason == .length else { return }
        if let most = request.parameters.maxTokens, completion.tokens.count >= most { return }
        let remedy = isLast ? "" : "/clear begins a new one, "
        Terminal.note(
            "The answer was cut: conversation and answer fill the context of "
                + "\(session.loaded.contextLength) tokens (\(remedy)--context takes more).")
    }

    private static func write(_ piece: AnswerPrinter.Piece) {
        switch piece {
        case .own(let text): StandardStreams.write(text)
        case .model(let text): StandardStreams.write(answer: text)
        }
    }

    private static var thoughts: AnswerPrinter.Thoughts {
        guard Terminal.stdoutIsTerminal else { return .hidden }
        let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
        return kind.isEmpty || kind == "dumb" ? .marked : .dimmed
    }
}
