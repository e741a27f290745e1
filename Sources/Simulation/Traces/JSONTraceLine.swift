import QuireJSON

/// A line of a trace that is a JSON object.
struct JSONTraceLine {
    private let value: JSONValue
    private let line: Int
    private let asked: TraceFormat

    init(_ line: TraceLines.Line, _ format: TraceFormat) throws(TraceError) {
        self.line = line.number
        asked = format
        do throws(JSONError) {
            value = try JSONValue(parsing: Array(line.bytes))
        } catch {
            throw TraceError(line: line.number, "\(error)")
        }
        guard case .object = value else {
            throw TraceError(line: line.number, "a JSON object is needed")
        }
    }

    /// The form that its members show.
    var format: TraceFormat? {
        if value["hash_ids"] != nil { return value["chat_id"] == nil ? .mooncake : .qwen }
        if value["body"] != nil { return .batch }
        return value["prompt"] != nil ? .vllm : nil
    }

    /// The request.
    func request(
        _ tokensPerBlock: Int?, _ texts: Trace.TextOptions
    ) throws(TraceError) -> TraceRequest {
        switch asked {
        case .vllm:
            return TraceRequest(
                promptTokens: try tokens(of: value["prompt"], texts),
                outputTokens: try outputTokens(value["output_tokens"], texts))
        case .batch:
            guard let body = value["body"] else { throw fault("it has no body") }
            let limit = body["max_completion_tokens"] ?? body["max_output_tokens"]
            let prompt = body["messages"] ?? body["prompt"] ?? body["input"]
            return TraceRequest(
                promptTokens: try tokens(of: prompt, texts),
                outputTokens: try outputTokens(limit ?? body["max_tokens"], texts))
        default: return try blocks(tokensPerBlock ?? 1, texts)
        }
    }

    private func blocks(
        _ tokensPerBlock: Int, _ texts: Trace.TextOptions
    ) throws(TraceError) -> TraceRequest {
        guard case .array(let items)? = value["hash_ids"] else {
            throw fault("it has no list \"hash_ids\"")
        }
        var ids: [UInt64] = []
        ids.reserveCapacity(items.count)
        for item in items {
            guard let id = item.integer, id >= 0 else {
                throw fault("\"hash_ids\" has something other than whole numbers from 0")
            }
            ids.append(UInt64(id))
        }
        let prompt = try count("input_length") ?? ids.count * tokensPerBlock
        // What the ids do not reach is a tail of the request's own.
        guard ids.count <= (prompt + tokensPerBlock - 1) / tokensPerBlock else {
            throw fault(
                "\(ids.count) blocks of \(tokensPerBlock) tokens cannot be a prompt of \(prompt)")
        }
        return TraceRequest(
            arrival: try time(inMilliseconds: asked == .mooncake), promptTokens: prompt,
            outputTokens: try outputTokens(value["output_length"], texts),
            tenant: value["type"]?.string,
            blocks: ids)
    }

    private func time(inMilliseconds: Bool) throws(TraceError) -> Duration {
        guard let value = value["timestamp"] else { return .zero }
        guard let number = value.double, number.isFinite, abs(number) < 1e15 else {
            throw fault("\"timestamp\" is no number")
        }
        // Whole milliseconds stay exact.
        if inMilliseconds, let whole = value.integer { return .milliseconds(whole) }
        return .seconds(inMilliseconds ? number / 1000 : number)
    }

    private func count(_ key: String) throws(TraceError) -> Int? {
        guard let member = value[key] else { return nil }
        guard let count = member.integer, 0...SimulationLimits.requestTokens ~= count else {
            throw fault(
                "\"\(key)\" is no whole number from 0 to \(SimulationLimits.requestTokens)")
        }
        return count
    }

    private func outputTokens(
        _ member: JSONValue?, _ texts: Trace.TextOptions
    ) throws(TraceError) -> Int {
        guard let member, member != .null else {
            guard let tokens = texts.outputTokens else {
                throw fault("it does not say how long the answer is; give --output-tokens N")
            }
            return tokens
        }
        guard let count = member.integer, count >= 0 else {
            throw fault("the length of the answer is no whole number from 0")
        }
        return count
    }

    private func tokens(
        of prompt: JSONValue?, _ texts: Trace.TextOptions
    ) throws(TraceError) -> Int {
        if case .array(let items)? = prompt, items.allSatisfy({ $0.integer != nil }) {
            return items.count
        }
        guard let count = texts.tokens else {
            throw fault("the prompt is a text: give --tokenizer MODEL to count its tokens")
        }
        switch prompt {
        case .string(let text)?: return count(text)
        case .array(let items)?:
            var sum = 0
            for item in items {
                guard let text = text(of: item) else {
                    throw fault("a message has a content other than text")
                }
                // The frame around a message is some four tokens in most templates.
                sum += count(text) + 4
            }
            return sum
        default: throw fault("it has no prompt")
        }
    }

    /// The text of a message: a string, or parts with texts.
    private func text(of message: JSONValue) -> String? {
        if let text = message.string ?? message["content"]?.string { return text }
        guard case .array(let parts)? = message["content"] else { return nil }
        var whole = ""
        for part in parts {
            guard let text = part["text"]?.string else { return nil }
            whole += text
        }
        return whole
    }

    private func fault(_ message: String) -> TraceError { TraceError(line: line, message) }
}
