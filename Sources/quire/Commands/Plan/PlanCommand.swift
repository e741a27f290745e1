import ArgumentParser
import FoundationEssentials
import ModelStore
import Planning
import Reporting

/// `quire plan`. A plan of a model is what it does where no other word is said.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Compute what a model takes and how many sequences fit, before it is bought.",
        discussion: """
            Examples:
              quire plan llama-3.1-8b --device h100 --context 8192 --lengths mean:1200
              quire plan demo
              quire plan exercises 2

            A word that is no command is a model: one that is here, or one that is known by its \
            dimensions. All options and models: quire plan model --help
            """,
        subcommands: [PlanModelCommand.self, PlanExercisesCommand.self],
        defaultSubcommand: PlanModelCommand.self)
}

/// `quire plan MODEL`: what a model takes of a machine, and what the machine can give at most.
struct PlanModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract:
            "Compute what a model takes and how many sequences fit; the word may be left out.",
        discussion: """
            Examples:
              quire plan llama-3.1-8b --device h100 --context 8192 --lengths mean:1200
              quire plan llama-2-13b --memory 80GB --context 2048
              quire plan deepseek-v3 --device h200 --devices 8 --weights fp8
              quire plan --layers 32 --kv-heads 8 --head-dim 128 --context 8192
              quire plan demo

            MODEL is a model that is here (a name of quire list, or a path), and then the sum is \
            the one that the engine obeys, as quire inspect --plan has it; or one of these, by \
            their published dimensions: \
            \(ModelCatalogue.names.joined(separator: ", ")). Without MODEL the numbers of a \
            model are given by options.

            Bounds of speed are what no machine can beat: the weights and the keys and values \
            that a step reads, and the matrix multiplications that it computes. GB are 10^9 \
            bytes, GiB 2^30.
            """)

    @Argument(
        help: ArgumentHelp(
            "An installed model, a path, or a model known by name.", valueName: "model"),
        completion: .list(ModelCatalogue.names))
    var model: String?

    @OptionGroup var serving: PlanServing

    @OptionGroup(title: "Machine") var machine: PlanMachine

    @OptionGroup(title: "Model by numbers") var numbers: PlanNumbers

    @Option(
        help: "What stdout gets: text for a person, json for a program, html: a page with charts.")
    var format: PlanFormat = .text

    @OptionGroup var page: ReportOptions

    func validate() throws {
        if let model, !numbers.given.isEmpty {
            throw ValidationError(
                "\(numbers.given.joined(separator: ", ")): a model's numbers are in place of its "
                    + "name. Leave out '\(Terminal.plain(model))', or these.")
        }
        if model == nil, numbers.given.isEmpty {
            throw ValidationError(
                "Name a model, such as quire plan llama-3.1-8b --device h100, or give its "
                    + "numbers, such as --layers 32 --kv-heads 8 --head-dim 128.")
        }
    }

    func run() async throws {
        let report = try PlanModel.report(of: self)
        switch format {
        case .text: for line in report.lines { print(line) }
        case .json: print(try JSONText.pretty(report, keys: .convertToSnakeCase))
        case .html: print(report.page().html())
        }
        try page.write(withoutCharts: "--device or --memory, or ") { report.page() }
    }
}
