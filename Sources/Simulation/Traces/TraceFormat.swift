/// The forms of trace that are read; a name that a user can choose.
package enum TraceFormat: String, CaseIterable, Sendable {
    /// `TIMESTAMP,ContextTokens,GeneratedTokens` of the Azure LLM inference traces (2023, 2024).
    case azure

    /// `Timestamp,Model,Request tokens,Response tokens,...` of BurstGPT; seconds.
    case burstgpt

    /// `req_time_s,client,input_tokens,output_tokens`: the arena trace of the VTC paper.
    case arena

    /// `arrived_at,prompt_tokens,output_tokens[,tenant]`, or with the counts called
    /// `num_prefill_tokens` and `num_decode_tokens`; seconds.
    case generic

    /// Lengths without times: `num_prefill_tokens,num_decode_tokens,...`, or two numbers a line.
    case lengths

    /// JSON lines with `timestamp` (milliseconds), `input_length`, `output_length`, `hash_ids` (of
    /// 512 tokens) of Mooncake.
    case mooncake

    /// JSON lines of the Qwen-Bailian traces: `chat_id`, `timestamp` (seconds), `hash_ids` of 16
    /// tokens, and so on.
    case qwen

    /// JSON lines with `prompt` and `output_tokens`: the custom dataset of vLLM's bench.
    case vllm

    /// JSON lines of OpenAI's batch interface.
    case batch

    /// The form that a file's first line shows; nil: none of them.
    static func of(_ line: TraceLines.Line) throws(TraceError) -> TraceFormat? {
        if line.bytes.first(where: { $0 != 0x20 }) == UInt8(ascii: "{") {
            return try JSONTraceLine(line, .mooncake).format
        }
        let fields = try line.fields()
        let names = fields.map { $0.lowercased() }
        for columns in TraceColumns.all where columns.suit(names) {
            guard columns.arrival == nil, let time = names.first(where: TraceColumns.isTime) else {
                return columns.format
            }
            throw TraceError(
                line: line.number,
                "the column \"\(time.prefix(40))\" is of no known trace; the column of times is "
                    + "called arrived_at, in seconds, or there is none and all come at once")
        }
        return fields.count >= 2 && fields.prefix(2).allSatisfy({ Int($0) != nil }) ? .lengths : nil
    }
}

/// Which columns of a table say what.
struct TraceColumns {
    let format: TraceFormat
    /// In seconds, or a date; nil: all come at once.
    let arrival: String?
    let prompt: String
    let output: String
    let tenant: String?

    /// The tables that are known; the names are compared without case.
    static let all = [
        TraceColumns(
            format: .azure, arrival: "timestamp", prompt: "contexttokens",
            output: "generatedtokens", tenant: nil),
        TraceColumns(
            format: .burstgpt, arrival: "timestamp", prompt: "request tokens",
            output: "response tokens", tenant: nil),
        TraceColumns(
            format: .arena, arrival: "req_time_s", prompt: "input_tokens",
            output: "output_tokens", tenant: "client"),
        TraceColumns(
            format: .generic, arrival: "arrived_at", prompt: "prompt_tokens",
            output: "output_tokens", tenant: "tenant"),
        TraceColumns(
            format: .generic, arrival: "arrived_at", prompt: "num_prefill_tokens",
            output: "num_decode_tokens", tenant: "tenant"),
        TraceColumns(
            format: .lengths, arrival: nil, prompt: "num_prefill_tokens",
            output: "num_decode_tokens", tenant: nil),
        TraceColumns(
            format: .lengths, arrival: nil, prompt: "prompt_tokens", output: "output_tokens",
            tenant: nil),
    ]

    /// Whether a column seems to have times.
    static func isTime(_ name: String) -> Bool {
        ["time", "arriv", "date"].contains { name.contains($0) }
    }

    func suit(_ names: [String]) -> Bool {
        names.contains(prompt) && names.contains(output)
            && arrival.map(names.contains) ?? true
    }
}
