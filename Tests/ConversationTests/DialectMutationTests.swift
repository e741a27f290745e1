import ChatTemplates
import QuireJSON
import TestSupport
import Testing

@testable import Conversation

/// Damaged bodies: an error that names what is wrong, or a request that can be answered.
@Suite(.timeLimit(.minutes(20))) struct DialectMutationTests {
    @Test(arguments: 0..<10)
    func `a mutated body of messages is an error or a request`(batch: Int) throws {
        let original = try JSONValue.parsed(ClaudeCode.body)
        let history = try JSONValue.parsed(ClaudeCode.history)
        var requests = 0
        for seed in batch * 1_000..<(batch + 1) * 1_000 {
            var mutator = Mutator(seed: UInt64(seed))
            let bytes = mutator.json(seed.isMultiple(of: 2) ? original : history)
            guard let body = try? JSONValue(parsing: bytes) else { continue }
            do {
                let request = try MessagesRequest(body)
                requests += 1
                #expect(!request.chat.messages.isEmpty || body["system"] != nil, "seed \(seed)")
                let random = RandomAnswer(
                    seed: UInt64(seed), tools: request.chat.tools.map(\.name))
                var stream = MessagesEvents(id: "msg_1", model: "m", thoughts: request.thoughts)
                let events = random.events.flatMap { stream.events(for: $0) }
                #expect(events.last?.name == "message_stop", "seed \(seed)")
            } catch {
                #expect(!error.message.isEmpty && error.message.utf8.count < 2_000, "seed \(seed)")
            }
        }
        #expect((100..<990).contains(requests), "\(requests) are requests")
    }

    @Test(arguments: 0..<10)
    func `a mutated body of a response is an error or a request`(batch: Int) throws {
        let original = try JSONValue.parsed(Codex.body)
        var requests = 0
        for seed in batch * 1_000..<(batch + 1) * 1_000 {
            var mutator = Mutator(seed: UInt64(seed))
            guard let body = try? JSONValue(parsing: mutator.json(original)) else { continue }
            do {
                let request = try ResponsesRequest(body)
                requests += 1
                #expect(!request.chat.messages.isEmpty, "seed \(seed)")
                let random = RandomAnswer(
                    seed: UInt64(seed), tools: request.chat.tools.map(\.name))
                let heading = ResponseHeading(id: "resp_1", created: 0, model: "m")
                var stream = ResponseEvents(heading, to: request)
                let events = random.events.flatMap { stream.events(for: $0) }
                let whole = try ResponseObject(heading, to: request).body(random.answer)
                #expect(events.last?.body["response"] == whole, "seed \(seed)")
            } catch {
                #expect(!error.message.isEmpty && error.message.utf8.count < 2_000, "seed \(seed)")
            }
        }
        #expect((100..<990).contains(requests), "\(requests) are requests")
    }
}
