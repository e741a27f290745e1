import ArgumentParser
import ModelStore

/// `quire list`.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the installed models.",
        discussion: """
            A model is a GGUF file in the store's folder; a file that you put there is listed too.
            """,
        aliases: ["ls"])

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let store = ModelStore()
        let models = try store.installed()
        for model in models { print(model.name, Sizes.bytes(model.byteCount), model.path) }
    }
}
