import Foundation
import KVCache
import ModelFiles
import QuireEngine
import QuireIdentifiers
import QuireKit
import QuireModels
import Simulation
import Tensors

/// Opens the model for each arm, runs it, and holds the answers against each other.
struct CompareBench {
    private let options: CompareOptions
    private let path: String
    private let load: CompareLoad
    private let longest: Int
    private let kvBytes: Int

    init(_ options: CompareOptions) throws {
        self.options = options
        path = try options.model.map { try ModelChoice.path(of: $0) } ?? DemoModel.path()
        // The header alone: the weights are read with the options of each arm.
        let configuration = try ModelConfiguration(ModelFile.open(path))
        longest = options.longest ?? min(2048, configuration.contextLength)
        let layout = try KVPlanner(
            geometry: configuration.kvGeometry, dtype: options.kvDtype,
            blockSize: longest, maxModelLength: longest, maxChunk: longest
        ).plan(sequences: options.sequences)
        kvBytes = layout.residentBytes
        load = try CompareLoad(
            options.lengths(longest: longest), shared: options.shared,
            tokenizer: TokenizerSource.load(path))
    }

    private func open(_ arm: CompareArm, requests: Int) throws -> LLM {
        let batch = arm.blockSize == nil ? options.sequences : CompareOptions.mostRunning
        let chosen = arm.modelOptions(
            context: longest, kvBytes: kvBytes, batch: min(batch, requests), load: options.load,
            dtype: options.kvDtype)
        return try LLM(LoadedModel.open(path, chosen))
    }

    /// All arms, one after another.
    func compare(_ output: BenchOutputOptions) throws {
        try output.report.require(charts: CompareCharts.all([]).count)
        let count = load.trace.requests.count
        var printer = BenchPrinter(output.format, common: common(), columns: Self.columns)
        for line in printer.begin() { StandardStreams.write(line + "\n") }
        var reference: [Int: [TokenID]] = [:]
        var baseline: Double?
        var differing: [String] = []
        for arm in CompareArm.all(blockSize: options.blockSize, chunk: options.chunk) {
            let llm = try open(arm, requests: count)
            let run =
                arm.isWithoutCache
                ? try CompareRun.withoutCache(
                    load, llm, requests: min(count, Self.sampledAnswers),
                    tokens: Self.sampledTokens)
                : try CompareRun.measure(load, llm, count: count)
            let isEqual = Self.agree(run.answers, reference)
            if !isEqual { differing.append(arm.name) }
            // A longer answer of the same request says more.
            reference.merge(run.answers) { $0.count > $1.count ? $0 : $1 }
            let rate = Double(run.tokens) / run.seconds
            // Contiguous memory and static batches are what all else is measured by.
            if arm.blockSize == nil, !arm.isWithoutCache, baseline == nil { baseline = rate }
            let row = CompareRow(
                arm: arm, run: run, layout: llm.layout, rate: rate, baseline: baseline,
                isEqual: isEqual)
            for line in try printer.lines(row.values) { StandardStreams.write(line + "\n") }
        }
        guard differing.isEmpty else {
            throw CompareError(arms: differing)
        }
        if output.format == .text { Terminal.note("the answers of all are equal, token by token") }
        try printer.write(
            output.report, title: "What paging and continuous batching are worth",
            summary: Self.summary(requests: count),
            charts: CompareCharts.all)
    }

    private static func summary(requests: Int) -> String {
        let sampled = min(requests, sampledAnswers)
        return "Six configurations answer the same requests in the same memory, with equal "
            + "answers; without a cache only the first \(sampledTokens) tokens of \(sampled) "
            + "answers were computed."
    }

    /// Answers to the same requests are equal as far as both go.
    static func agree(_ left: [Int: [TokenID]], _ right: [Int: [TokenID]]) -> Bool {
        left.allSatisfy { index, tokens in
            guard let other = right[index] else { return true }
            let both = min(tokens.count, other.count)
            return tokens.prefix(both) == other.prefix(both)
        }
    }

    /// Answers whose beginnings are computed without a cache, and tokens of each.
    private static let sampledAnswers = 4
    private static let sampledTokens = 8

    private static let columns: [BenchPrinter.Column] = [
        ("arm", "ARM"), ("tok_s", "TOK/S"), ("speedup", "SPEEDUP"), ("ttft_p50_s", "TTFT s"),
        ("ttft_p99_s", "P99"), ("itl_p50_ms", "ITL ms"), ("itl_p99_ms", "P99"),
        ("running", "RUNNING"), ("waste", "WASTE"), ("preemptions", "PREEMPTED"),
        ("equal", "EQUAL"),
    ]

    private func common() -> BenchRow {
        let name = options.model.map { ($0 as NSString).lastPathComponent } ?? "demo"
        let threads = options.load.threads ?? MachineInfo.current().usableCores
        return BenchRow([
            "model": .text(name), "requests": .integer(load.trace.requests.count),
            "lengths": .text(load.trace.name), "prompt_tokens": .integer(load.promptTokens),
            "output_tokens": .integer(load.outputTokens), "shared": .integer(options.shared),
            "longest": .integer(longest), "kv_bytes": .integer(kvBytes),
            "kv_dtype": .text(options.kvDtype.rawValue), "seed": .text("\(options.seed ?? 0)"),
        ]).followed(by: BenchMachine.fields(threads: threads))
    }

    /// Answers requests until the time is over, and shows each tenth of it.
    func sustained(_ time: Duration, _ output: BenchOutputOptions) throws {
        try output.report.require(charts: CompareCharts.drift([]).count)
        let arms = CompareArm.all(blockSize: options.blockSize, chunk: options.chunk)
        guard let arm = arms.last else { preconditionFailure("there are arms") }
        var printer = BenchPrinter(
            output.format, common: common(),
            columns: [("until_s", "UNTIL s"), ("tok_s", "TOK/S"), ("of_first", "OF FIRST")])
        for line in printer.begin() { StandardStreams.write(line + "\n") }
        var windows = DriftWindows(time)
        var failure: (any Error)?
        let llm = try open(arm, requests: CompareOptions.mostRunning)
        _ = try CompareRun.measure(
            load, llm, count: CompareOptions.mostRunning, until: time,
            onWindow: { elapsed, tokens in
                guard let row = windows.note(elapsed, tokens: tokens) else { return }
                do {
                    for line in try printer.lines(row) { StandardStreams.write(line + "\n") }
                } catch {
                    failure = failure ?? error
                }
            })
        if let failure { throw failure }
        try printer.write(
            output.report, title: "Throughput over time",
            summary: "Tokens a second in each tenth of the time: \(arm.name), with all before it.",
            charts: CompareCharts.drift)
    }
}

/// Answers that should be equal and are not.
struct CompareError: Error, CustomStringConvertible {
    let arms: [String]

    var description: String {
        "the answers of \(arms.joined(separator: ", ")) differ from those before; that is a defect "
            + "of this program, please report it"
    }
}
