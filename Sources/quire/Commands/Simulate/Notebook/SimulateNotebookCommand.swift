import ArgumentParser
import Reporting
import Simulation

/// `quire simulate notebook`.
struct SimulateNotebookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notebook",
        abstract: "Call the functions of the lesson's notebook, as they are or mended.",
        discussion: """
            The functions have the notebook's names and arguments, which are given in their order \
            (or as name=value); what is not given is as in the notebook's cells, and a list is \
            numbers with commas. Random numbers are those of numpy.random.seed(N), to the last bit.

            \(NotebookFunction.allCases.map { "  " + $0.signature }.joined(separator: "\n"))

            The class is driven by lines of --input, or of stdin: allocate ID LENGTH, free ID, and \
            in corrected mode append ID TOKENS; a line that begins with # is skipped. plots gives \
            what the notebook draws.

            --mode legacy has the notebook's defects, and says which; corrected has none.

            quire simulate notebook simulate_paged_attention 100 1024 64 16 --seed 42
            quire simulate notebook compare_memory_efficiency 10,20,50 1024 64 \\
                --format json
            printf 'allocate a 40\\nallocate b 9\\nfree a\\n' | \\
                quire simulate notebook PagedAttentionSimulator 16 8 64
            quire simulate notebook plots --report notebook.html
            """)

    @Argument(help: ArgumentHelp("The function, the class, or plots.", valueName: "name"))
    var name: NotebookFunction

    @Argument(help: ArgumentHelp("Its arguments.", valueName: "argument"))
    var arguments: [String] = []

    @Option(help: ArgumentHelp("The seed, as numpy.random.seed takes it.", valueName: "n"))
    var seed: Int = 0

    @Option(help: "legacy: with the notebook's defects; corrected: without.")
    var mode = NotebookMode.legacy

    @Option(
        help: "The lines that drive the class; - or nothing: stdin.", completion: .file())
    var input: String?

    @Option(name: .long, help: "What stdout gets: text for a person, json or csv for a program.")
    var format: BenchFormat = .text

    @OptionGroup var page: ReportOptions

    func validate() throws {
        guard UInt32(exactly: seed) != nil else {
            throw ValidationError("--seed is \(seed); it is between 0 and 2**32 - 1.")
        }
        guard input == nil || name == .simulator else {
            throw ValidationError("--input is for PagedAttentionSimulator.")
        }
    }

    func run() async throws {
        let values = try NotebookArguments(name, arguments)
        let result = try NotebookResult(
            name, values, seed: UInt32(truncatingIfNeeded: seed), mode: mode,
            lines: name == .simulator ? try lines() : [])
        let stamp = ResultStamp(
            traceHash: nil, seed: UInt64(seed), version: Quire.configuration.version, loop: nil)
        let notes = result.notes(mode)
        switch format {
        case .json:
            // The value is the function's own, so the rest is said elsewhere.
            print(try JSONText.line(result))
            for note in notes + [stamp.line] { Terminal.note(note) }
        case .csv:
            for line in result.csv { print(line) }
            for note in notes + [stamp.line] { Terminal.note(note) }
        case .text:
            for (index, table) in result.tables.enumerated() {
                print((index > 0 ? "\n" : "") + table.title)
                for line in table.lines() { print(line) }
            }
            print("")
            for note in notes { print(note) }
            print(stamp.line)
        }
        try page.write { report(result, values, notes: notes, stamp) }
    }

    /// The lines that drive the class.
    private func lines() throws -> [(text: String, line: SimulatorLine)] {
        let isFile = input != nil && input != "-"
        var reader =
            try isFile
            ? LineReader(path: input ?? "", maxBytes: Self.maxLineBytes)
            : LineReader(try StandardStreams.readAll(), maxBytes: Self.maxLineBytes)
        let source = isFile ? Terminal.plain(input ?? "") : "stdin"
        var lines: [(String, SimulatorLine)] = []
        while let line = try reader.nextFilled() {
            let text = String(decoding: line.bytes ?? [], as: UTF8.self)
            guard !text.hasPrefix("#") else { continue }
            let place = "line \(line.number) of \(source): "
            let call: SimulatorLine
            do throws(SimulatorLineError) {
                call = try SimulatorLine(text)
            } catch {
                throw NotebookLineError(description: place + Terminal.plain(error.description))
            }
            if case .append = call, mode == .legacy {
                throw NotebookLineError(
                    description: place + "the notebook has no append; --mode corrected has")
            }
            lines.append((Terminal.plain(text), call))
        }
        return lines
    }

    /// Bytes of a line that drives the class.
    private static let maxLineBytes = 1 << 12

    private func report(
        _ result: NotebookResult, _ values: NotebookArguments, notes: [String],
        _ stamp: ResultStamp
    ) -> Report {
        let parameters = values.described(name) + [("mode", mode.rawValue)]
        var report = Report(
            title: "Notebook: \(name.rawValue)", summary: notes.first ?? "",
            parameters: parameters, stamp: stamp)
        for chart in result.charts { report.append(chart) }
        for table in result.tables { report.append(table) }
        for note in notes.dropFirst() { report.append(prose: note) }
        return report
    }
}

/// A line of the class's input that is none.
struct NotebookLineError: Error, CustomStringConvertible {
    let description: String
}

extension NotebookFunction: ExpressibleByArgument {}
extension NotebookMode: ExpressibleByArgument {}
