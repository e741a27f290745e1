import Conversation
import Foundation
import KVCache
import Logging
import ModelFiles
import QuireEngine
import Scheduling
import Serving
import Tokenization

/// The server with a script for a model, so that programs which need a capable model can be tried
/// with a small file's vocabulary and chat template: everything but the arithmetic is real.
///
///     ScriptedServer model.gguf script.json
///
/// It listens at a free port of loopback and prints a line for each answer: which one, the tokens
/// of its prompt, and how many of them were cached.
@main
enum ScriptedServer {
    /// Tokens of a conversation: agents take a model that they do not know for one of 200,000.
    private static let context = 1 << 18
    private static let sequences = 2
    private static let stepTokens = 8_192
    private static let stepOutputs = 8

    static func main() async throws {
        guard CommandLine.arguments.count == 3 else {
            throw Script.Fault(description: "usage: ScriptedServer model.gguf script.json")
        }
        let file = try GGUFFile.open(CommandLine.arguments[1])
        let script = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[2]))
        let tokenizer = try Tokenizer(gguf: file)
        guard let template = try file.metadata.string(ifPresent: "tokenizer.chat_template") else {
            throw Script.Fault(description: "the model has no chat template")
        }
        let chat = try ChatModel(template: template, tokenizer: tokenizer)
        let model = try await model(
            chat, Script(Array(script), template: template, chat))
        var options = ServerOptions()
        options.address = .host("127.0.0.1", port: 0)
        options.version = "scripted"
        let server = Server(options, logger: Logger(label: "scripted"))
        try await server.run(
            load: { model }, onListening: { tell("Listening at \($0)") },
            onReady: { _ in tell("Ready") })
    }

    /// At once, as a file would not have it from `print`.
    private static func tell(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    private static func model(_ chat: ChatModel, _ script: Script) async throws -> ServedModel {
        let layout = try KVPlanner(
            geometry: KVGeometry(spans: [.full], kvHeads: 1, headDim: 2), maxModelLength: context,
            maxChunk: stepTokens
        ).plan(sequences: sequences)
        let configuration = SchedulerConfiguration(
            maxStepTokens: stepTokens, maxStepOutputs: stepOutputs, maxChunk: stepTokens,
            maxRunning: stepOutputs, maxWaiting: 64)
        let engine = try await Engine(
            tokenizer: chat.tokenizer, layout: layout, configuration: configuration
        ) {
            ScriptedExecutor(
                layout: layout, vocabularySize: chat.tokenizer.vocabularySize,
                maxStepTokens: stepTokens, maxStepOutputs: stepOutputs
            ) { beginning in
                let (name, tokens) = script.answer(to: beginning.prompt)
                tell("\(name): prompt \(beginning.prompt.count), cached \(beginning.cached)")
                return tokens
            }
        }
        return ServedModel(
            engine: engine, names: ModelNames("scripted"),
            bounds: ModelBounds(tokenizer: chat.tokenizer, maxModelLength: context, chat: chat),
            created: Int(Date().timeIntervalSince1970), slots: stepOutputs)
    }
}
