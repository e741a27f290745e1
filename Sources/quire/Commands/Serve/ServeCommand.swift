import ArgumentParser
import Conversation
import Foundation
import Logging
import ModelFiles
import QuireEngine
import QuireKit
import Serving
import Simulation

/// `quire serve`.
struct ServeCommand: ConfiguredCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer programs over HTTP, as OpenAI, Anthropic and Ollama do.",
        discussion: """
            quire serve gemma-3-270m

            curl http://127.0.0.1:8000/v1/completions -H 'content-type: application/json' \\
                -d '{"prompt": "The capital of France is", "max_tokens": 8, "stream": true}'

            Only this machine can reach it, unless --host says otherwise. Ctrl-C or SIGTERM takes \
            no more requests and lets those that are under way end; a second one ends the \
            process. Every option is also a variable (QUIRE_MAX_QUEUE) and a key of a file \
            (max_queue); an option comes before a variable, a variable before the file. \
            Documentation/server.md has all routes and bounds.
            """)

    @Argument(
        help: ArgumentHelp(
            "An installed model, or the path of a file (default: the demo model).",
            valueName: "model"),
        completion: ModelCompletion.models)
    var model: String?

    @OptionGroup var settings: ServeSettings

    @OptionGroup var sources: ConfigurationOptions

    @Option(
        name: .long,
        help: ArgumentHelp("End when the process of this number does.", visibility: .hidden))
    var parent: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Write what every step computed and took to this file at the end, for quire simulate "
                + "calibrate --steps.", valueName: "file", visibility: .hidden))
    var recordSteps: String?

    func run() async throws {
        if model == nil { Terminal.note(DemoModel.note) }
        let name = model ?? ModelLocation.demo
        // What is no model is told before anything listens.
        let path = try ModelChoice.path(of: name)
        let file = try ModelFile.open(path)
        let serving = settings.serving
        let options = try serving.server()
        if !options.isLocal, options.keys.isEmpty {
            Terminal.note(
                "warning: anybody who can reach \(serving.host) is answered; ask for a key with "
                    + "--api-key-file or QUIRE_API_KEY")
        }
        let names = Self.names(of: name, path: path, served: settings.servedModelName)
        let recorder = recordSteps == nil ? nil : StepRecorder()
        let choice = settings.modelOptions(recorder)
        defer { Self.write(recorder, to: recordSteps) }
        let special = settings.requests.special
        let template = settings.template
        let server = Server(options, logger: Logger(label: "quire") { _ in NoteLogHandler() })
        if let parent { Self.stop(server, with: parent) }
        try await Interrupt.telling({ server.stop() }) {
            try await server.run(
                load: {
                    let loaded = try await Self.onThread { try LoadedModel.open(file, choice) }
                    for warning in loaded.warnings { Self.tell(warning) }
                    let chat = try template.model(loaded)
                    if chat == nil { Terminal.note(Self.noTemplate) }
                    return try await ServedModel(
                        loaded, names: names, chat: chat, parseSpecial: special,
                        created: Int(Date().timeIntervalSince1970), onWarning: Self.tell)
                },
                onListening: { Terminal.note("Listening at \($0)") },
                onReady: { Terminal.note("Ready: \($0.names.served)") })
        }
    }

    /// Writes the steps that were recorded; a file that cannot be written ends nothing.
    private static func write(_ recorder: StepRecorder?, to path: String?) {
        guard let recorder, let path else { return }
        let lines = [StepSample.head] + recorder.samples.map { StepSample($0).line }
        do {
            try Data((lines.joined(separator: "\n") + "\n").utf8)
                .write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            Terminal.note("warning: the steps could not be written to \(path): \(error)")
        }
    }

    private static let noTemplate =
        "The model has no chat template: conversations are refused (--chat-template chatml, or a "
        + "file, gives it one)."

    private static func tell(_ warning: LoadWarning) {
        Terminal.note(warning.isFault ? "warning: \(warning)" : warning.message)
    }

    /// The names that a model of that name and file answers to.
    static func names(of name: String, path: String, served: String?) -> ModelNames {
        let file = URL(fileURLWithPath: path).lastPathComponent
        let typed = name.contains("/") ? URL(fileURLWithPath: name).lastPathComponent : name
        var others: Set = [name, typed, file]
        if file.hasSuffix(".gguf") { others.insert(String(file.dropLast(5))) }
        return ModelNames(served ?? typed, others: others)
    }

    /// Stops a server when the process that it was started for has ended, however it did.
    private static func stop(_ server: Server, with parent: Int) {
        Thread.detachNewThread {
            // Whoever has lost its parent gets another one.
            while Int(getppid()) == parent { Thread.sleep(forTimeInterval: LaunchLimits.watch) }
            server.stop()
        }
    }

    /// Does something on a thread of its own that keeps it for long.
    private static func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { waiter in
            Thread.detachNewThread { waiter.resume(with: Result { try work() }) }
        }
    }
}

/// Writes what the server's parts have to say to stderr, warnings and worse.
struct NoteLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.error

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        Terminal.note("\(event.level): \(event.message)")
    }
}
