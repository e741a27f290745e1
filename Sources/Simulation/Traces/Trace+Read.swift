extension Trace {
    /// What the reader cannot know of a file that has prompts as texts.
    package struct TextOptions {
        /// Tokens of a text; nil: prompts that are texts are refused.
        package var tokens: ((String) -> Int)?

        /// Tokens of an answer where a line of JSON does not say; nil: such a line is refused.
        package var outputTokens: Int?

        /// Options.
        package init(tokens: ((String) -> Int)? = nil, outputTokens: Int? = nil) {
            self.tokens = tokens
            self.outputTokens = outputTokens
        }
    }

    /// Reads a trace.
    ///
    /// Requests keep the order of the file; `inOrderOfArrival` sorts them. The first request of a
    /// trace with times comes at 0.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - name: what the trace is called in results.
    ///   - format: its form; nil: what its first line shows.
    ///   - texts: what to do with prompts that are texts.
    /// - Throws: `TraceError` with the line that is wrong.
    /// - Complexity: O(bytes).
    package static func read(
        _ bytes: [UInt8], name: String, format: TraceFormat? = nil,
        texts: TextOptions = TextOptions()
    ) throws(TraceError) -> Trace {
        var lines = TraceLines(bytes)
        guard let first = lines.next() else { throw TraceError("the trace is empty") }
        let shown = format == nil ? try TraceFormat.of(first) : format
        guard let format = shown else {
            let all = TraceFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw TraceError(
                line: first.number,
                "this is none of the known traces (\(all)); a table with the columns "
                    + "arrived_at,prompt_tokens,output_tokens is the simplest")
        }
        var reader = TraceReader(format: format, texts: texts)
        try reader.begin(first)
        while let line = lines.next() { try reader.take(line) }
        return try reader.trace(named: name)
    }

    /// The same requests, those that come first before the others; equals stay in their order.
    package var inOrderOfArrival: Trace {
        var sorted = self
        let order = requests.indices.sorted {
            (requests[$0].arrival, $0) < (requests[$1].arrival, $1)
        }
        sorted.requests = order.map { requests[$0] }
        return sorted
    }
}

/// Takes the lines of a trace in, one after another.
struct TraceReader {
    let format: TraceFormat
    let texts: Trace.TextOptions
    private var columns: TraceColumnIndex?
    private var requests: [TraceRequest] = []
    private var tokensPerBlock: Int?

    init(format: TraceFormat, texts: Trace.TextOptions) {
        self.format = format
        self.texts = texts
    }

    /// Takes the first line, which may be a head.
    mutating func begin(_ line: TraceLines.Line) throws(TraceError) {
        switch format {
        case .mooncake: tokensPerBlock = 512
        case .qwen: tokensPerBlock = 16
        case .vllm, .batch: break
        case .azure, .burstgpt, .arena, .generic, .lengths:
            columns = try TraceColumnIndex(format, line)
            if columns?.isHead == true { return }
        }
        try take(line)
    }

    /// Takes a line with a request.
    mutating func take(_ line: TraceLines.Line) throws(TraceError) {
        guard requests.count < SimulationLimits.traceRequests else {
            throw TraceError(
                line: line.number,
                "a trace may have \(SimulationLimits.traceRequests) requests; cut the file")
        }
        let request: TraceRequest
        if let columns {
            request = try columns.request(line)
        } else {
            request = try JSONTraceLine(line, format).request(tokensPerBlock, texts)
        }
        for count in [request.promptTokens, request.outputTokens] {
            guard count >= 0, count <= SimulationLimits.requestTokens else {
                throw TraceError(
                    line: line.number,
                    "\(count) tokens; a prompt or an answer has 0 to "
                        + "\(SimulationLimits.requestTokens)")
            }
        }
        requests.append(request)
    }

    /// The requests that were taken.
    func trace(named name: String) throws(TraceError) -> Trace {
        guard !requests.isEmpty else { throw TraceError("the trace has a head and no request") }
        var trace = Trace(name: name, requests: requests, tokensPerBlock: tokensPerBlock)
        if let start = requests.lazy.map(\.arrival).min() {
            for index in requests.indices { trace.requests[index].arrival -= start }
        }
        guard trace.isCountable else {
            throw TraceError(
                "its requests come over more than \(SimulationLimits.traceSeconds) s; write times "
                    + (tokensPerBlock == 512 ? "in milliseconds" : "in seconds"))
        }
        return trace
    }
}
