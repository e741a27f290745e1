import ArgumentParser
import ModelFiles
import ModelStore

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the installed models.",
        discussion: """
            A model is a GGUF file in the store's folder; one that you put there is listed too. \
            What could be installed: quire pull --list
            """,
        aliases: ["ls"])

    @OptionGroup var output: OutputOptions

    private struct Row: Encodable {
        let name: String
        let bytes: Int
        let path: String
        var quantization: String?
        var architecture: String?
        var parameters: Int?
        var error: String?
    }

    func run() async throws {
        let store = ModelStore()
        let rows = try store.installed().map(Self.row)
        switch output.format {
        case .json: print(try JSONText.pretty(rows))
        case .text: printTable(rows, folder: store.folder)
        }
    }

    private static func row(_ model: InstalledModel) -> Row {
        var row = Row(name: model.name, bytes: model.byteCount, path: model.path)
        do {
            let summary = ModelSummary(try GGUFFile.open(model.path))
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
            Terminal.note("No model is installed in \(folder). Bring one: quire pull gemma-3-270m")
            return
        }
        var table = TextTable([
            ("NAME", .left), ("SIZE", .right), ("PARAMETERS", .right), ("FORMAT", .left),
            ("ARCHITECTURE", .left), ("PATH", .left),
        ])
        for row in rows {
            table.append([
                Terminal.plain(row.name), Sizes.bytes(row.bytes),
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
