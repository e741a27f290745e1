import ArgumentParser
import ModelStore

struct RemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove installed models.",
        discussion: """
            Removes the model's files from the store, and what a broken-off download of it left.
            It does not ask. Only models in the store can be removed: a path is refused.
            """)

    @Argument(
        help: ArgumentHelp("The models to remove.", valueName: "name"),
        completion: ModelCompletion.installedModels)
    var names: [String]

    func run() async throws {
        let store = ModelStore()
        for name in try names.map({ try ModelName($0) }) {
            let freed = try store.remove(name)
            Terminal.note("Removed \(name) (\(Sizes.bytes(freed))).")
        }
    }
}
