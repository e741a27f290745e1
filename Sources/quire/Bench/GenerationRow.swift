import Foundation
import KVCache
import QuireEngine
import QuireModels
import Tensors

extension GenerationBench {
    /// Runs the passes of a batch size, between two measurements of the machine, and says how fast
    /// they were and what they were bound by.
    static func row(_ options: GenerationOptions, batch: Int, threads: Int) throws -> BenchRow {
        ProcessMemory.resetPeak()
        let session = try options.session(batch: batch)
        let bench = GenerationBench(session: session, options: options, batch: batch)
        let result = try bench.run(threads: threads)
        let bandwidths = result.limits.map(\.bandwidth)
        var row = BenchRow([
            "batch": .integer(batch),
            "load_s": .number(session.loadSeconds),
            "bandwidth_limit_gb_s": .number(Samples(bandwidths).median),
            "bandwidth_limits_gb_s": .numbers(bandwidths),
            "int8_limit_gop_s": .number(Samples(result.limits.map(\.int8)).median),
        ])
        bench.addPrefill(result, to: &row)
        bench.addDecode(result, to: &row)
        if options.profile { bench.addParts(result, to: &row) }
        let known = session.model.weightBytes + session.llm.layout.residentBytes
        row["rss_bytes"] = BenchValue(result.resident)
        row["rss_huge_page_bytes"] = BenchValue(result.huge)
        row["rss_peak_bytes"] = BenchValue(result.peak)
        row["kv_bytes"] = .integer(session.llm.layout.residentBytes)
        row["rss_above_file_and_kv_bytes"] = BenchValue(result.peak.map { $0 - known })
        row["rss_above_mb"] = BenchValue(result.peak.map { Double($0 - known) / 1e6 })
        return row
    }

    /// What all rows of a run have in common.
    static func common(_ options: GenerationOptions, threads: Int) throws -> BenchRow {
        let session = try options.session(batch: 1)
        let model = session.model
        let name = options.model.map { ($0 as NSString).lastPathComponent } ?? "demo"
        let settings = BenchRow([
            "model": .text(name),
            "model_bytes": .integer(model.weightBytes),
            "weights": .text(model.formatSummary),
            "weight_bytes_per_token": .integer(model.bytesPerToken),
            "prompt_length": options.context == nil ? .integer(options.promptLength) : .none,
            "context": BenchValue(options.context),
            "output_length": .integer(options.outputLength),
            "kv_dtype": .text(options.compute.kvDtype.rawValue),
            "activations": .text(options.compute.activations.rawValue),
            "block_size": .integer(options.compute.blockSize),
            "chunk": .integer(options.compute.chunk),
            "prefix_cache": .text(options.prefixCache ? "yes" : "no"),
            "warm_up": .integer(options.warmUp),
            "repetitions": .integer(options.repetitions),
        ])
        return settings.followed(by: BenchMachine.fields(threads: threads))
    }

    private func addPrefill(_ result: Result, to row: inout BenchRow) {
        // A context that was cached says nothing about prefill.
        let passes = options.context == nil ? result.passes : []
        let model = session.model
        // The last position of each prompt alone is multiplied by the output matrix.
        let perToken =
            2 * Double(model.layerParameters)
            + 2 * Double(model.outputParameters) / Double(options.promptLength)
        var rates: [Double] = []
        var fractions: [Double] = []
        var linear: [Double] = []
        for (pass, limits) in zip(passes, result.limits) where pass.prefill > 0 {
            let tokens = Double(batch * options.promptLength)
            rates.append(tokens / pass.prefill)
            fractions.append(tokens * perToken / pass.prefill / 1e9 / limits.int8)
            let work = tokens * 2 * Double(model.layerParameters)
            linear.append(work / pass.prefillParts.linearSeconds / 1e9 / limits.int8)
        }
        let first = samples(passes.flatMap(\.firstTokens).map { $0 * 1000 })
        row["prefill_tok_s"] = BenchValue(samples(rates)?.median)
        row["prefill_spread"] = BenchValue(samples(rates)?.spread)
        row["prefill_all_tok_s"] = .numbers(rates)
        row["prefill_gop_s"] = BenchValue(samples(rates).map { $0.median * perToken / 1e9 })
        row["int8_fraction"] = BenchValue(samples(fractions)?.median)
        row["linear_int8_fraction"] = BenchValue(samples(linear)?.median)
        row["ttft_p50_ms"] = BenchValue(first?.median)
        row["ttft_max_ms"] = BenchValue(first?.most)
    }

    private func addDecode(_ result: Result, to row: inout BenchRow) {
        let model = session.model
        let middle = options.start + (options.outputLength + 1) / 2
        let keysAndValues = session.llm.layout.bytesRead(context: middle)
        let perStep = Double(model.bytesPerToken + batch * keysAndValues)
        var rates: [Double] = []
        var bandwidths: [Double] = []
        var fractions: [Double] = []
        for (pass, limits) in zip(result.passes, result.limits) where !pass.steps.isEmpty {
            let steps = Double(pass.steps.count) / pass.steps.reduce(0, +)
            rates.append(Double(batch) * steps)
            bandwidths.append(steps * perStep / 1e9)
            fractions.append(steps * perStep / 1e9 / limits.bandwidth)
        }
        let steps = samples(result.passes.flatMap(\.steps).map { $0 * 1000 })
        row["decode_tok_s"] = BenchValue(samples(rates)?.median)
        row["decode_spread"] = BenchValue(samples(rates)?.spread)
        row["decode_all_tok_s"] = .numbers(rates)
        row["decode_tok_s_per_sequence"] = BenchValue(
            samples(rates).map { $0.median / Double(batch) })
        row["itl_p50_ms"] = BenchValue(steps?.median)
        row["itl_p99_ms"] = BenchValue(steps?.percentile(0.99))
        row["kv_bytes_per_token"] = .integer(keysAndValues)
        row["bytes_per_token"] = .integer(Int(perStep) / batch)
        row["gb_s"] = BenchValue(samples(bandwidths)?.median)
        row["bandwidth_fraction"] = BenchValue(samples(fractions)?.median)
    }

    private func samples(_ values: [Double]) -> Samples? {
        values.isEmpty ? nil : Samples(values)
    }
}
