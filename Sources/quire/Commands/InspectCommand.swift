import ArgumentParser
import ModelFiles
import ModelStore

struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a model file or folder holds.",
        discussion: """
            Reads the header only, also for --plan, which takes the options of the commands that \
            run a model: the summary, the formats of the tensors, and the metadata. \
            Long texts and arrays are shortened; --format json has the numbers in full.
            """)

    @Argument(
        help: ArgumentHelp(
            "An installed model, or the path of a file or a folder.", valueName: "model"),
        completion: ModelCompletion.models)
    var model: String

    @Flag(help: "List every tensor.")
    var tensors = false

    @Flag(
        help: "Compute the memory that running it here takes, instead; nothing is loaded.")
    var plan = false

    @OptionGroup var output: OutputOptions

    @OptionGroup(title: "Options of --plan") var batch: BatchOptions

    @OptionGroup(title: "Options of --plan") var engine: EngineOptions

    func validate() throws {
        let given = (batch.size == nil ? [] : ["--batch"]) + engine.changed
        guard plan || given.isEmpty else {
            throw ValidationError(
                "\(given.joined(separator: ", ")) \(given.count == 1 ? "is" : "are") for --plan: "
                    + "without it only the file's header is shown.")
        }
        guard !plan || !tensors else { throw ValidationError("Give one of --plan and --tensors.") }
    }

    func run() async throws {
        guard !plan else {
            let report = try MemoryReport(of: model, options: engine, batch: batch.size ?? 1)
            return try report.write(output.format)
        }
        let path = try ModelChoice.path(of: model)
        let file = try ModelFile.open(path)
        let summary = ModelSummary(file)
        // A file whose template cannot be used has other things to show.
        let template = Result { try ChatTemplateReport(of: file) }
        switch output.format {
        case .json:
            let report = InspectReport(
                file, summary, template: try? template.get(), tensors: tensors)
            print(try JSONText.pretty(report))
            if case .failure(let fault) = template { Terminal.note("warning: \(fault)") }
        case .text:
            printSummary(summary, of: file, template)
            printFormats(summary)
            if tensors { printTensors(file) }
            printMetadata(file)
        }
    }

    private func printSummary(
        _ summary: ModelSummary, of file: any ModelDescription,
        _ template: Result<ChatTemplateReport?, any Error>
    ) {
        var rows: [(String, String?)] = []
        rows.append(("file", file.path + (file.paths.count > 1 ? " and its parts" : "")))
        rows.append(("GGUF version", (file as? GGUFFile).map { "\($0.version)" }))
        rows.append(("name", summary.title))
        rows.append(("architecture", summary.architecture))
        rows.append(("parameters", Sizes.grouped(summary.parameterCount)))
        rows.append(("size", Sizes.bytes(summary.byteCount)))
        rows.append(("quantization", summary.quantization))
        rows.append(("layers", summary.layerCount.map(Sizes.grouped)))
        rows.append(("width", summary.embeddingLength.map(Sizes.grouped)))
        rows.append(("heads", summary.heads.map { "\($0.query), \($0.keyValue) for K and V" }))
        rows.append(("context length", summary.contextLength.map { Sizes.grouped($0) + " tokens" }))
        rows.append(("sliding window", summary.slidingWindow.map { Sizes.grouped($0) + " tokens" }))
        rows.append(
            (
                "KV cache",
                summary.keyValueBytesPerToken.map { Sizes.grouped($0) + " bytes a token in f16" }
            ))
        let vocabulary = summary.vocabularySize.map { ", \(Sizes.grouped($0)) tokens" } ?? ""
        rows.append(("tokenizer", summary.tokenizer.map { $0 + vocabulary }))
        switch template {
        case .success(let report):
            for row in report?.rows ?? [("chat template", "no")] {
                rows.append((row.title, row.text))
            }
        case .failure(let fault): rows.append(("chat template", "cannot be used: \(fault)"))
        }
        for (title, value) in rows {
            guard let value else { continue }
            let padding = String(repeating: " ", count: 16 - title.count)
            print(title + padding + Terminal.plain(value))
        }
    }

    private func printFormats(_ summary: ModelSummary) {
        var table = TextTable([
            ("FORMAT", .left), ("TENSORS", .right), ("PARAMETERS", .right), ("SIZE", .right),
            ("", .left),
        ])
        for share in summary.formats {
            table.append([
                share.format, "\(share.tensorCount)", Sizes.count(share.parameterCount),
                Sizes.bytes(share.byteCount), share.isSupported ? "" : "not supported",
            ])
        }
        print("")
        for line in table.lines { print(line) }
    }

    private func printTensors(_ file: any ModelDescription) {
        var table = TextTable([
            ("TENSOR", .left), ("SHAPE", .left), ("FORMAT", .left), ("SIZE", .right),
        ])
        for (name, tensor) in file.listing {
            table.append([
                Terminal.plain(name),
                tensor.dimensions.map(String.init).joined(separator: " x "),
                tensor.formatName, Sizes.bytes(tensor.byteCount),
            ])
        }
        print("")
        for line in table.lines { print(line) }
    }

    private func printMetadata(_ file: any ModelDescription) {
        print("")
        for key in file.parameterKeys {
            guard let value = file.parameter(key) else { continue }
            print(Terminal.plain("\(key) = \(value.shortened(to: 100))"))
        }
    }
}
