import QuireEngine
package import QuireIdentifiers
import QuireJSON
package import Tokenization

/// The chunks of a streamed chat completion.
///
/// Their deltas appended make the answer in one piece; after the last of all choices comes one
/// with the usage, where the request asks for it. How chunks are framed on the wire is the server's
/// business.
package struct ChatCompletionChunks {
    private let heading: CompletionHeading
    private let request: ChatRequest
    private let prompt: [TokenID]
    private var choices: [Choice]
    private var open: Int

    /// What the chunks of a choice go on with.
    private struct Choice {
        var hasBegun = false
        var logprobs: ChatLogprobs?
        var pending: [TokenLogprob] = []
        var tokens: [TokenID] = []
        var usage = AnswerUsage()
        var end: AnswerEnd?
    }

    /// The chunks of an answer.
    ///
    /// - Parameter prompt: the tokens that the template made of the conversation.
    package init(
        _ heading: CompletionHeading, to request: ChatRequest, prompt: [TokenID],
        tokenizer: Tokenizer
    ) {
        self.heading = heading
        self.request = request
        self.prompt = prompt
        let choice = Choice(logprobs: ChatLogprobs(request, after: prompt, tokenizer))
        choices = Array(repeating: choice, count: request.parameters.n)
        open = choices.count
    }

    /// The chunks that events of a choice make, each a JSON object.
    ///
    /// Neighbouring events of one kind make one chunk, and the end of an answer is in the chunk of
    /// what comes before it: the events of one step should be given together.
    ///
    /// - Parameters:
    ///   - tokens: what the events were made of, for requests that want them.
    ///   - soFar: what the choice has used, for requests that want to know at every chunk.
    package mutating func objects(
        _ events: some Sequence<AnswerEvent>, choice index: Int, tokens: [TokenID] = [],
        soFar: AnswerUsage? = nil
    ) -> [[UInt8]] {
        if request.returnsTokenIDs { choices[index].tokens += tokens }
        var objects: [[UInt8]] = []
        var delta = ChatDelta()
        choices[index].usage = soFar ?? choices[index].usage
        for event in events {
            switch event {
            case .began(let promptTokens):
                choices[index].usage.promptTokens = promptTokens
                delta.content = request.echo ?? ""
            case .waiting:
                if delta.isEmpty { objects.append(chunk(delta, index)) }
            case .logprobs(let entries): choices[index].pending += entries
            case .reasoning(let more):
                guard request.reasoning.isShown else { continue }
                flush(&delta, unless: delta.isEmpty || delta.reasoning != nil, index, &objects)
                delta.reasoning = (delta.reasoning ?? "") + more
            case .text(let more):
                flush(&delta, unless: delta.isEmpty || delta.content != nil, index, &objects)
                delta.content = (delta.content ?? "") + more
            case .callBegan(let call, let id, let name):
                flush(&delta, unless: delta.isEmpty, index, &objects)
                delta.call = ChatDelta.Call(index: call, head: (id, name), arguments: "")
            case .callArguments(let call, let more):
                flush(&delta, unless: delta.call?.index == call, index, &objects)
                delta.call = delta.call ?? ChatDelta.Call(index: call, head: nil, arguments: "")
                delta.call?.arguments += more
            case .callEnded: break
            case .ended(let end): finish(end, &delta, index, &objects)
            }
        }
        flush(&delta, unless: false, index, &objects)
        return objects
    }

    private mutating func flush(
        _ delta: inout ChatDelta, unless goesOn: Bool, _ index: Int, _ objects: inout [[UInt8]]
    ) {
        guard !goesOn, !delta.isEmpty else { return }
        objects.append(chunk(delta, index))
        delta = ChatDelta()
    }

    private mutating func finish(
        _ end: AnswerEnd, _ delta: inout ChatDelta, _ index: Int, _ objects: inout [[UInt8]]
    ) {
        guard choices[index].end == nil else { return }
        if let failure = end.reason.failure {
            flush(&delta, unless: false, index, &objects)
            var out = JSONWriter()
            failure.write(to: &out)
            objects.append(out.bytes)
        } else {
            choices[index].usage = end.usage
            objects.append(chunk(delta, index, end: end))
            delta = ChatDelta()
        }
        choices[index].end = end
        open -= 1
        if open == 0, request.streamsUsage { objects.append(usageChunk()) }
    }
}

extension ChatCompletionChunks {
    private mutating func chunk(
        _ delta: ChatDelta, _ index: Int, end: AnswerEnd? = nil
    ) -> [UInt8] {
        var out = JSONWriter()
        out.beginObject()
        heading.write("chat.completion.chunk", to: &out)
        out.key("choices")
        out.beginArray()
        out.beginObject()
        out.key("index")
        out.integer(index)
        out.key("delta")
        delta.write(
            beginsAnswer: !choices[index].hasBegun, isFunction: request.answersWithFunctionCall,
            to: &out)
        let isFirst = !choices[index].hasBegun
        choices[index].hasBegun = true
        out.key("logprobs")
        if choices[index].logprobs == nil || choices[index].pending.isEmpty {
            out.null()
        } else {
            out.beginObject()
            out.key("content")
            let pending = choices[index].pending
            choices[index].pending = []
            choices[index].logprobs?.write(pending, to: &out)
            out.endObject()
        }
        end.write(of: request, to: &out)
        if request.returnsTokenIDs {
            out.key("token_ids")
            out.array(choices[index].tokens) { $0.integer($1.rawValue) }
            choices[index].tokens = []
        }
        out.endObject()
        out.endArray()
        if isFirst, request.returnsTokenIDs {
            out.key("prompt_token_ids")
            out.array(prompt) { $0.integer($1.rawValue) }
        }
        if request.streamsUsage {
            out.key("usage")
            if request.streamsRunningUsage {
                choices[index].usage.write(to: &out)
            } else {
                out.null()
            }
        }
        out.endObject()
        return out.bytes
    }

    private func usageChunk() -> [UInt8] {
        var out = JSONWriter()
        out.beginObject()
        heading.write("chat.completion.chunk", to: &out)
        out.key("choices")
        out.beginArray()
        out.endArray()
        out.key("usage")
        AnswerUsage(of: choices.map(\.usage)).write(to: &out)
        out.endObject()
        return out.bytes
    }
}
