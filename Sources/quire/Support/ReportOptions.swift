import ArgumentParser
import Foundation
import Reporting
import Simulation

/// The option `--report`, the same in every command that has it.
struct ReportOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Also write a page with tables and charts to this file, or only the first chart if the "
                + "name ends in .svg (--chart N: another).", valueName: "file"),
        completion: .file())
    var report: String?

    @Option(name: .long, help: ArgumentHelp("Which chart goes to an .svg file.", valueName: "n"))
    var chart: Int?

    func validate() throws {
        guard let report else {
            if chart != nil { throw ValidationError("--chart needs a --report that ends in .svg.") }
            return
        }
        guard report.hasSuffix(".html") || report.hasSuffix(".svg") else {
            throw ValidationError(
                "--report \(Terminal.plain(report)): the name must end in .html or .svg.")
        }
        guard chart == nil || report.hasSuffix(".svg") else {
            throw ValidationError("--chart needs a --report that ends in .svg.")
        }
        try requirePositive(chart, "--chart")
        // Before the work, which may take hours.
        let folder = URL(fileURLWithPath: report).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder + "/.") else {
            throw ValidationError(
                "--report \(Terminal.plain(report)): there is no folder "
                    + "\(Terminal.plain(folder)); make it first.")
        }
    }

    /// Refuses, before the work, a chart that a page with `count` of them does not have.
    func require(charts count: Int) throws {
        guard let report, report.hasSuffix(".svg") else { return }
        _ = try place(among: count, without: "")
    }

    /// Where the chart is that was asked for; `remedy` is what would bring charts about.
    private func place(among count: Int, without remedy: String) throws -> Int {
        guard count > 0 else {
            throw ValidationError(
                "--report: there is no chart to draw; give \(remedy)a name that ends in .html.")
        }
        let number = chart ?? 1
        guard number <= count else {
            throw ValidationError(
                "--chart is \(number); it must be from 1 to \(count), the charts of this report.")
        }
        return number - 1
    }

    /// Writes the file, if one was asked for.
    ///
    /// - Parameters:
    ///   - remedy: what to give where the report has no chart: `--device, or `.
    ///   - make: the report; it is made only then.
    func write(withoutCharts remedy: String = "", _ make: () throws -> Report) throws {
        guard let report else { return }
        let page = try make()
        let charts = page.sections.compactMap { section -> (any Chart)? in
            if case .chart(let chart) = section { chart } else { nil }
        }
        var text = ""
        if report.hasSuffix(".svg") {
            text = charts[try place(among: charts.count, without: remedy)].svg()
        } else {
            text = page.html()
        }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: report), options: .atomic)
        } catch {
            throw UnwritableReport(path: report, reason: StandardStreams.reason(of: error))
        }
    }
}

/// A report that could not be written.
struct UnwritableReport: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "\(Terminal.plain(path)) cannot be written: \(reason)" }
}

extension Report {
    /// A report of the command that runs, with the command line that repeats it.
    init(
        title: String, summary: String, parameters: [(String, String)], stamp: ResultStamp? = nil
    ) {
        let words = ["quire"] + CommandLine.arguments.dropFirst()
        self.init(
            title: title, summary: summary,
            command: words.map(Self.quoted).joined(separator: " "), parameters: parameters,
            stamp: stamp.map {
                ReportStamp(
                    version: $0.version, traceHash: $0.traceDigits, seed: $0.seed,
                    clients: $0.loop.map { $0 == .open ? .open : .closed })
            } ?? ReportStamp(version: Quire.configuration.version))
    }

    /// A word as a shell reads it.
    private static func quoted(_ word: String) -> String {
        let plain = word.allSatisfy { character in
            character.isLetter || character.isNumber || "-_./,:=+@%".contains(character)
        }
        return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
