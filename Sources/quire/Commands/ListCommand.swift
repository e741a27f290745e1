import ArgumentParser
import ModelFiles
import ModelStore

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the models that are here.",
        discussion: """
            A model is a GGUF file in the store's folder; one that you put there is listed too. So \
            are the models that Ollama, LM Studio, llama.cpp and the Hugging Face hub's cache have \
            on this machine, which every command runs by these names where they lie; nothing of \
            theirs is changed. What could be installed: quire pull --list
            """,
        aliases: ["ls"])

    @OptionGroup var output: OutputOptions

    private struct Row: Encodable {
        let name: String
        let from: String
        let bytes: Int
        let path: String
        var quantization: String?
        var architecture: String?
        var parameters: Int?
        var error: String?
    }

    func run() async throws {
        let store = ModelStore()
        let installed = try store.installed()
        let foreign = store.foreign()
        let rows =
            installed.map {
                Self.row($0.name, from: "Quire", bytes: $0.byteCount, path: $0.path)
            }
            + foreign.namedApart(from: Set(installed.map(\.name))).map { name, model in
                Self.row(
                    name, from: model.keeper.title, bytes: model.byteCount, path: model.path)
            }
        switch output.format {
        case .json: print(try JSONText.pretty(rows))
        case .text: printTable(rows, folder: store.folder)
        }
        for note in foreign.skipped { Terminal.note("warning: \(note)") }
    }

    private static func row(_ name: String, from: String, bytes: Int, path: String) -> Row {
        var row = Row(name: name, from: from, bytes: bytes, path: path)
        do {
            let summary = ModelSummary(try GGUFFile.open(path))
            row.quantization = summary.quantization
            row.architecture = summary.architecture
            row.parameters = summary.parameterCount
        } catch {
            row.error = "\(error)"
        }
        return row
    }

    private func printTable(_ rows: [Row], folder: String) {
        guard !rows.isEmpty else {
            Terminal.note(
                "No model is installed in \(folder), and no other program has one here. Bring one: "
                    + "quire pull gemma-3-270m")
            return
        }
        var table = TextTable([
            ("NAME", .left), ("FROM", .left), ("SIZE", .right), ("PARAMETERS", .right),
            ("FORMAT", .left),
            ("ARCHITECTURE", .left), ("PATH", .left),
        ])
        for row in rows {
            table.append([
                Terminal.plain(row.name), row.from, Sizes.bytes(row.bytes),
                row.parameters.map(Sizes.count) ?? "-", row.quantization ?? "-",
                row.error == nil ? Terminal.plain(row.architecture ?? "-") : "unreadable",
                Terminal.plain(row.path),
            ])
        }
        for line in table.lines { print(line) }
        for row in rows {
            guard let error = row.error else { continue }
            Terminal.note("warning: " + Terminal.plain("\(row.name): \(error)"))
        }
    }
}
