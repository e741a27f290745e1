import Foundation
import QuireKit

/// The prompt of a conversation: reads, obeys and has answered until Ctrl-D.
struct ChatLoop {
    private let answerer: ChatAnswerer
    private var conversation: ChatConversation

    /// A prompt that begins a conversation.
    init(_ answerer: ChatAnswerer, _ conversation: ChatConversation) {
        self.answerer = answerer
        self.conversation = conversation
    }

    /// Reads until the end.
    mutating func run() {
        Terminal.note("/? lists the commands. Ctrl-C stops an answer, Ctrl-D ends.")
        let environment = ProcessInfo.processInfo.environment
        var editor = LineEditor(
            historyFile: HistoryFile(environment: environment), isComplete: ChatInput.isComplete)
        while let line = editor.readLine(prompt: "> ") {
            do {
                switch try ChatInput(line) {
                case .nothing: continue
                case .command(.end): return
                case .command(let command): try obey(command)
                case .message(let text): try answer(text, in: conversation)
                }
            } catch {
                Terminal.note("error: \(error)")
            }
        }
    }

    /// Answers a message that follows what was said before it.
    private mutating func answer(_ text: String, in before: ChatConversation) throws {
        do {
            let turn = try answerer.answer(text, in: before)
            let summary = AnswerSummary(turn.completion)
            conversation = before
            conversation.append(text, turn.answer, summary)
            if conversation.isVerbose { Terminal.note(summary.description) }
        } catch {
            // One that had an answer before still has it.
            if before.messages == conversation.messages { conversation.keep(unsent: text) }
            throw error
        }
    }

    private mutating func obey(_ command: ChatCommand) throws {
        switch command {
        case .set(let setting):
            try conversation.set(setting)
            Terminal.note(conversation.settings)
        case .system(let text):
            conversation.system = text
            Terminal.note(
                text == nil ? "There are no instructions now." : "The instructions are set.")
        case .clear:
            conversation.clear()
            Terminal.note("A new conversation.")
        case .save(let path):
            try ChatFile.write(conversation.whole, to: path)
            Terminal.note("\(conversation.messages.count) messages are saved in \(path).")
        case .load(let path):
            conversation.load(try ChatFile.read(path))
            Terminal.note("\(conversation.messages.count) messages of \(path).")
        case .show: Terminal.note(conversation.description)
        case .undo:
            let text = try conversation.undo()
            Terminal.note("Taken back: \(ChatConversation.quoted(text))")
        case .retry:
            let (before, text) = try conversation.retried()
            try answer(text, in: before)
        case .stats:
            Terminal.note(
                conversation.statistics(context: answerer.session.loaded.contextLength))
        case .help: Terminal.note(ChatCommand.helpText)
        case .end: break
        }
    }
}
