import Foundation
import Testing

/// The commands of `quire bench` on the demo model: that they run and what they write, never how
/// fast anything was.
struct BenchTests {
    private func rows(_ arguments: String...) throws -> [[String: Any]] {
        let run = try QuireProcess.run(["bench"] + arguments + ["--format", "json"])
        #expect(run.succeeded, "\(run.stderr)")
        return try run.jsonLines()
    }

    @Test func `limits are measured for every level, in both kinds of pages`() throws {
        let rows = try rows("limits", "--milliseconds", "1", "--threads", "2")
        let bandwidth = rows.filter { $0["limit"] as? String == "read bandwidth" }
        #expect(bandwidth.count == 4)
        #expect(Set(bandwidth.compactMap { $0["pages"] as? String }) == ["huge", "small"])
        let products = rows.filter { $0["limit"] as? String == "int8 products" }
        #expect(products.count >= 2 && products.contains { $0["level"] as? String == "scalar" })
        #expect(rows.filter { $0["limit"] as? String == "barrier" }.count == 2)
        for row in rows {
            #expect((row["best"] as? Double ?? 0) > 0 && (row["median"] as? Double ?? 0) > 0)
            #expect(row["cpu"] != nil && row["isa"] != nil && row["date"] != nil)
        }
    }

    @Test(arguments: ["latency", "throughput"])
    func `every batch size gives a row with its settings`(command: String) throws {
        let rows = try rows(
            command, "--prompt-length", "20", "--output-length", "9", "--batch", "1,3",
            "--repetitions", "2", "--threads", "1")
        #expect(rows.compactMap { $0["batch"] as? Int } == [1, 3])
        for row in rows {
            for name in [
                "prefill_tok_s", "decode_tok_s", "decode_tok_s_per_sequence", "ttft_p50_ms",
                "itl_p50_ms", "itl_p99_ms", "gb_s", "bandwidth_fraction", "int8_fraction",
                "linear_int8_fraction",
            ] {
                #expect((row[name] as? Double ?? 0) > 0, "\(name)")
            }
            #expect(row["model"] as? String == "demo" && row["threads"] as? Int == 1)
            #expect((row["decode_all_tok_s"] as? [Double])?.count == 2)
            #expect((row["bandwidth_limits_gb_s"] as? [Double])?.count == 2)
            #expect((row["bytes_per_token"] as? Int ?? 0) > 0)
        }
    }

    @Test func `a context is decoded from, and its prefill is not judged`() throws {
        let rows = try rows(
            "latency", "--context", "100", "--output-length", "5", "--repetitions", "1")
        let row = try #require(rows.first)
        #expect(row["context"] as? Int == 100)
        #expect(row["prefill_tok_s"] is NSNull && row["ttft_p50_ms"] is NSNull)
        #expect((row["decode_tok_s"] as? Double ?? 0) > 0)
        #expect((row["kv_bytes_per_token"] as? Int ?? 0) > 0)
    }

    @Test func `a profile charges all of a prompt's time and of a step's to parts`() throws {
        let rows = try rows(
            "latency", "--prompt-length", "40", "--output-length", "9", "--repetitions", "1",
            "--profile")
        let row = try #require(rows.first)
        for phase in ["prefill", "decode"] {
            let parts = row.filter { $0.key.hasPrefix(phase) && $0.key.hasSuffix("_us") }
            let times = parts.compactMapValues { $0 as? Double }
            #expect(times.count == 17)
            for part in ["queryKeyValue", "attention", "gateAndUp", "down", "vocabulary"] {
                #expect((times["\(phase)_\(part)_us"] ?? 0) > 0, "\(part)")
            }
            guard phase == "prefill" else { continue }
            let whole = 40 / (row["prefill_tok_s"] as? Double ?? 0) * 1e6
            #expect(times.values.reduce(0, +) <= whole)
        }
        let run = try QuireProcess.run([
            "bench", "latency", "--context", "20", "--output-length", "4", "--repetitions", "1",
            "--profile",
        ])
        #expect(run.succeeded && run.stdout.contains("\nPART") && run.stdout.contains("\nall "))
    }

    @Test func `CSV has a line of names and one for each row`() throws {
        let run = try QuireProcess.run([
            "bench", "throughput", "--prompt-length", "8", "--output-length", "4", "--batch",
            "1,2", "--repetitions", "1", "--format", "csv",
        ])
        let lines = run.stdout.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first?.hasPrefix("batch,") == true)
    }

    @Test(arguments: [
        ["latency", "--batch", "0"], ["latency", "--batch", "1,x"],
        ["throughput", "--threads", "0"],
        ["latency", "--repetitions", "0"], ["latency", "--warm-up", "-1"],
        ["limits", "--milliseconds", "0"], ["latency", "--kv-dtype", "f8"],
        ["kernels", "--weights", "q9"], ["kernels", "--columns", "63"],
        ["kernels", "--isa", "sse"],
    ])
    func `a setting that cannot be is refused`(arguments: [String]) throws {
        let run = try QuireProcess.run(["bench"] + arguments)
        #expect(run.status != 0 && !run.signalled && run.stdout.isEmpty)
        #expect(run.stderr.contains(arguments[1]))
    }
}

extension BenchTests {
    @Test func `kernels are measured at every level and compared with an earlier run`() throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let work = [
            "bench", "kernels", "--weights", "q8_0", "--weights", "F32", "--rows", "1,5",
            "--columns", "64", "--outputs", "48", "--milliseconds", "1", "--stream", "64KB",
            "--format", "json",
        ]
        let first = try QuireProcess.run(work)
        let before = try first.jsonLines()
        #expect(Set(before.compactMap { $0["isa"] as? String }).contains("scalar"))
        let products = before.filter { $0["kernel"] as? String == "multiply" }
        #expect(Set(products.compactMap { $0["rows"] as? Int }) == [1, 5])
        for row in products {
            #expect(row["weights"] as? String == "Q8_0" && row["outputs"] as? Int == 48)
            #expect((row["us"] as? Double ?? 0) > 0 && (row["peak_fraction"] as? Double ?? 0) > 0)
        }
        #expect(before.contains { $0["kernel"] as? String == "rms_norm" })
        let file = try scratch.write("before.json", first.stdout)
        let second = try QuireProcess.run(work + ["--compare", file.path, "--no-row-operations"])
        for row in try second.jsonLines() { #expect((row["speedup"] as? Double ?? 0) > 0) }
        let bad = try scratch.write("bad.json", "{}\nnot JSON\n")
        let refused = try QuireProcess.run(work + ["--compare", bad.path])
        #expect(refused.status != 0 && refused.stderr.contains("line 2 of"))
    }
}

extension BenchTests {
    @Test func `attention is measured in every form`() throws {
        let rows = try rows(
            "attention", "--tokens", "16,48", "--heads", "2", "--kv-heads", "1", "--head-dim",
            "32", "--milliseconds", "1", "--chunk", "20")
        let prefill = rows.filter { $0["phase"] as? String == "prefill" }
        let forms = ["standard", "memory-efficient", "flash", "flash paged"]
        #expect(prefill.compactMap { $0["form"] as? String } == forms + forms)
        for row in prefill {
            #expect((row["ms"] as? Double ?? 0) > 0 && (row["scratch_bytes"] as? Int ?? 0) > 0)
        }
        let decode = rows.filter { $0["phase"] as? String == "decode" }
        #expect(
            Set(decode.compactMap { $0["kv_dtype"] as? String }).isSuperset(of: ["f16", "f32"]))
        for row in decode {
            #expect((row["gb_s"] as? Double ?? 0) > 0)
            #expect((row["penalty"] is NSNull) == (row["form"] as? String == "flash"))
        }
    }

    @Test(arguments: ["activations=float32", "kv-dtype=f32"])
    func `what a setting costs is one command`(setting: String) throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let text = String(repeating: "Once upon a time there was a little dog. ", count: 30)
        let file = try scratch.write("text.txt", text)
        let run = try QuireProcess.run([
            "perplexity", "--model", QuireProcess.demoModel.path, "--file", file.path, "--context",
            "64", "--compare", setting, "--format", "json",
        ])
        #expect(run.succeeded, "\(run.stderr)")
        let row = try #require(try run.jsonLines().first)
        let compared = try #require(row["compared"] as? [String: Any])
        #expect(compared["setting"] as? String == setting)
        #expect(abs(compared["change"] as? Double ?? 1) < 0.05)
        let refused = try QuireProcess.run(["perplexity", "--compare", "chunk=1"])
        #expect(refused.status != 0 && !refused.signalled)
    }
}
