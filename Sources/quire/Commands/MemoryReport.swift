import QuireKit
import QuireModels

/// What `quire inspect --plan` writes: the memory that a model takes, before anything is loaded.
struct MemoryReport: Encodable {
    private let weights: Int
    private let expertsInFile: Int
    private let keyValues: Int
    private let hostCache: Int
    private let activations: Int
    private let logits: Int
    private let tokenizer: Int
    private let bookkeeping: Int
    private let process: Int
    private let total: Int
    private let available: Int
    private let context: Int
    private let sequences: Double
    private let keyValueBytesPerToken: Int
    /// What was asked for, which the memory may not hold.
    private let batch: Int

    private enum CodingKeys: String, CodingKey {
        case weights = "weight_bytes"
        case expertsInFile = "experts_in_file_bytes"
        case keyValues = "kv_bytes"
        case hostCache = "host_cache_bytes"
        case activations = "activation_bytes"
        case logits = "logit_bytes"
        case tokenizer = "tokenizer_bytes"
        case bookkeeping = "bookkeeping_bytes"
        case process = "process_bytes"
        case total = "total_bytes"
        case available = "available_bytes"
        case context
        case sequences
        case batch
        case keyValueBytesPerToken = "kv_bytes_per_token"
    }

    /// Computes the sum for what a person chose.
    init(of model: String, options: EngineOptions, batch: Int) throws {
        var choice = options.modelOptions
        choice.batch = batch
        self.init(try MemoryForecast.of(model, choice), batch: batch)
    }

    /// What was computed, for a person who asked for `batch` concurrent sequences.
    init(_ forecast: MemoryForecast, batch: Int) {
        self.batch = batch
        for warning in forecast.warnings { Terminal.note("warning: \(warning)") }
        let memory = forecast.memory
        weights = memory.weights
        expertsInFile = memory.expertsInFile
        keyValues = memory.keyValues
        hostCache = memory.hostKeyValues
        activations = memory.activations
        logits = memory.logits
        tokenizer = memory.tokenizer
        bookkeeping = memory.bookkeeping
        process = memory.process
        total = memory.total
        available = forecast.available
        context = forecast.contextLength
        sequences = forecast.sequences
        keyValueBytesPerToken = forecast.keyValueBytesPerToken
    }

    /// Writes it to stdout.
    func write(_ format: OutputFormat) throws {
        guard format == .text else { return print(try JSONText.pretty(self)) }
        for line in lines { print(line) }
    }

    /// The parts that are there, and their bytes.
    var parts: [(name: String, bytes: Int)] {
        [
            ("weights", weights), ("keys and values", keyValues), ("host cache", hostCache),
            ("activations", activations), ("logits", logits), ("tokenizer", tokenizer),
            ("tables of blocks", bookkeeping), ("the program", process), ("all of it", total),
            ("experts in the file", expertsInFile), ("free here now", available),
        ].filter { $0.bytes > 0 }
    }

    /// What a person sees.
    var lines: [String] {
        var table = TextTable([("MEMORY", .left), ("", .right)])
        for (name, bytes) in parts { table.append([name, Sizes.bytes(bytes)]) }
        return table.lines + [
            "",
            "For \(room) of \(Sizes.grouped(context)) tokens (--batch \(batch)), "
                + "\(Sizes.grouped(keyValueBytesPerToken)) bytes of keys and values a token.",
        ]
    }

    /// Sequences that have room: `1 sequence`, `3.4 concurrent sequences`.
    private var room: String {
        let tenths = Int(sequences * 10)
        let number = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
        return tenths == 10 ? "1 sequence" : "\(number) concurrent sequences"
    }
}
