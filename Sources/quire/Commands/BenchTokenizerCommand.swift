import ArgumentParser
import Foundation
import Tokenization

struct BenchTokenizerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenizer",
        abstract: "Measure how fast text becomes tokens, on one core.",
        discussion: """
            Each file is encoded as one text, once to warm up and then --repetitions times; the \
            median counts. Benchmarks/tokenizer/compare.py sets the figures beside those of the \
            Python package tokenizers.
            """)

    @Option(
        help: "An installed model, the path of a GGUF file, or of a tokenizer.json.",
        completion: ModelCompletion.models)
    var model: String

    @Option(help: "A text file; may be given more than once.", completion: .file())
    var file: [String]

    @Option(help: "How often each file is encoded.")
    var repetitions = 5

    @OptionGroup var input: TextOptions

    @OptionGroup var output: OutputOptions

    private struct Report: Encodable {
        let model: String
        let load_s: Double
        let files: [Measurement]
    }

    private struct Measurement: Encodable {
        let file: String
        let bytes: Int
        let tokens: Int
        let seconds: [Double]
        let median_s: Double
        let mb_per_s: Double
        let tokens_per_s: Double
    }

    func validate() throws {
        guard (1...1_000).contains(repetitions) else {
            throw ValidationError("--repetitions is 1 to 1000")
        }
        guard !file.isEmpty else { throw ValidationError("name at least one --file") }
    }

    func run() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let tokenizer = try TokenizerSource.load(model)
        let load = (clock.now - start) / .seconds(1)
        let files = try file.map { try measure($0, tokenizer) }
        switch output.format {
        case .json:
            print(try JSONText.line(Report(model: model, load_s: load, files: files)))
        case .text:
            print("loaded in \(String(format: "%.0f", load * 1000)) ms")
            var table = TextTable([
                ("FILE", .left), ("SIZE", .right), ("TOKENS", .right), ("MB/s", .right),
                ("TOKENS/s", .right),
            ])
            for row in files {
                table.append([
                    Terminal.plain(row.file), Sizes.bytes(row.bytes), Sizes.grouped(row.tokens),
                    String(format: "%.1f", row.mb_per_s), Sizes.grouped(Int(row.tokens_per_s)),
                ])
            }
            for line in table.lines { print(line) }
        }
    }

    private func measure(_ path: String, _ tokenizer: Tokenizer) throws -> Measurement {
        let text = try StandardStreams.read(file: path, lossy: input.lossy)
        let clock = ContinuousClock()
        var tokens = tokenizer.encode(text).count
        var seconds: [Double] = []
        for _ in 0..<repetitions {
            let elapsed = clock.measure { tokens = tokenizer.encode(text).count }
            seconds.append(elapsed / .seconds(1))
        }
        let median = seconds.sorted()[repetitions / 2]
        let bytes = text.utf8.count
        return Measurement(
            file: path, bytes: bytes, tokens: tokens, seconds: seconds, median_s: median,
            mb_per_s: Double(bytes) / median / 1e6, tokens_per_s: Double(tokens) / median)
    }
}
