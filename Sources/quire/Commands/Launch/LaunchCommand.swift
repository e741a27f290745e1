import ArgumentParser
import Conversation
import Foundation
import Serving

/// `quire launch`.
struct LaunchCommand: ConfiguredCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Start a coding agent on a model of this machine.",
        discussion: """
            quire launch claude --model qwen2.5-coder-0.5b
            quire launch codex -- exec "Explain this repository"

            Uses the server that answers at --port, or else starts one, which ends with the agent; \
            the options of quire serve are taken too. The agent is told by variables and options, \
            for this one run: none of its own files is changed. --print shows them and runs nothing.
            """)

    @Argument(help: "The agent.")
    var client: LaunchClient

    @Option(
        name: .long,
        help: ArgumentHelp(
            "An installed model, or the path of a file (default: what the server at --port has).",
            valueName: "model"),
        completion: ModelCompletion.models)
    var model: String?

    @Flag(name: .long, help: "Print what would be run, as a shell takes it, and run nothing.")
    var print = false

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("What the agent itself is told.", valueName: "arguments"))
    var extra: [String] = []

    @OptionGroup var settings: ServeSettings

    @OptionGroup var sources: ConfigurationOptions

    func validate() throws {
        let serving = settings.serving
        guard serving.socket == nil, serving.tlsCert == nil else {
            throw ValidationError(
                "quire launch speaks to a port without TLS: leave --socket and --tls-cert out.")
        }
        guard serving.port != 0 else {
            throw ValidationError("--port is 0; quire launch has to know which port it is.")
        }
    }

    func run() async throws {
        let inherited = Replacement.descriptors()
        let environment = ProcessInfo.processInfo.environment
        let program = Replacement.path(of: client.rawValue, environment)
        guard program != nil || print else {
            throw ServeError(
                "\(client.title) is not installed: there is no `\(client.rawValue)` on PATH. "
                    + "Install it with: \(client.installation)")
        }
        let serving = settings.serving
        let key = try serving.keys().first
        let host = ["0.0.0.0", "::"].contains(serving.host) ? "127.0.0.1" : serving.host
        let probe = ServerProbe(host: host, port: serving.port, key: key)
        let url = "http://\(host.contains(":") ? "[\(host)]" : host):\(serving.port)"
        let (name, length) = try await answering(probe, at: url, environment)
        let plan = client.plan(
            LaunchServer(url: url, model: name, contextLength: length, key: key))
        guard let program, !print else {
            if key != nil, environment[LaunchServer.keyVariable] == nil {
                Terminal.note("Set \(LaunchServer.keyVariable) to the server's key first.")
            }
            let text = plan.shell(hiding: key, extra: extra)
            return StandardOutput.append(Terminal.withoutCommands(text) + "\n")
        }
        try Replacement.run(program, plan, extra: extra, inherited: inherited)
    }

    /// The model of the server that is there, or of one that is started.
    private func answering(
        _ probe: ServerProbe, at url: String, _ environment: [String: String]
    ) async throws -> (model: String, contextLength: Int?) {
        var finding = await probe.look()
        if finding == .loading, !print {
            Terminal.note("The server at \(url) is loading its model.")
        }
        while finding == .loading, !print {
            try await Task.sleep(for: LaunchLimits.pause)
            finding = await probe.look()
        }
        switch finding {
        case .ready(let name, let length):
            if let model, await !probe.knows(URL(fileURLWithPath: model).lastPathComponent) {
                throw ServeError(
                    "the server at \(url) has \(name), and not \(model): leave --model out to use "
                        + "it, or give another --port")
            }
            let unused = try forwarded().filter { $0.hasPrefix("--") && !$0.hasPrefix("--port") }
            if !unused.isEmpty {
                Terminal.note(
                    "The server at \(url) runs already, as it was started: "
                        + unused.joined(separator: ", ") + " changes nothing of it.")
            }
            return (name, length)
        case .keyed:
            throw ServeError(
                "the server at \(url) asks for a key: give it with QUIRE_API_KEY or --api-key-file")
        case .other:
            throw ServeError(
                "another program listens at \(url): give another --port")
        case .nothing, .loading: break
        }
        guard let model else {
            throw ServeError(
                "no server answers at \(url): name the model to start one with, as --model "
                    + "qwen2.5-coder-0.5b")
        }
        // A model that is not there is told here, and not in a file.
        let path = try ModelChoice.path(of: model)
        guard !print else {
            let names = ServeCommand.names(
                of: model, path: path, served: settings.servedModelName)
            Terminal.note("No server answers yet: what depends on the context length is left out.")
            return (names.served, nil)
        }
        let server = try LaunchedServer([model] + forwarded(), environment: environment)
        Terminal.note("Starting a server with \(model) at \(url). It writes to \(server.log)")
        return try await server.ready(probe)
    }

    /// The options of `quire serve` on this command line; variables and files it reads itself.
    private func forwarded() throws -> [String] {
        let given = try Configuration.of(Arguments.given())?.given
        let names = Set(Setting.all.map(\.name)).union(["config"]).subtracting(["model"])
        return (given?.words ?? [:]).filter { names.contains($0.key) }
            .sorted { $0.key < $1.key }.flatMap(\.value)
    }
}
