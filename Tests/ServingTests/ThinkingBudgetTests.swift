import QuireJSON
import Serving
import Testing

/// Budgets of thoughts, of answers that begin with thoughts, each of a letter a token.
@Suite struct `A budget of thoughts over HTTP` {
    private static let template = """
        {%- for m in messages %}{% if m.role != 'assistant' %}{{- 'u ' + m.content + '..' }}\
        {%- else %}{{- 'a ' }}{% if m.reasoning_content %}\
        {{- ',xq, ' + m.reasoning_content + ' ,qx, ' }}{% endif %}{{- m.content + '..' }}\
        {%- endif %}{% endfor %}{% if add_generation_prompt %}{{- 'a ,xq, ' }}{% endif %}
        """

    private struct Answer: Hashable {
        let thoughts: String
        let text: String
    }

    private func ask(_ server: RunningServer, seed: Int, budget: Int?) async throws -> Answer {
        let bound = budget.map { ", \"thinking_token_budget\": \($0)" } ?? ""
        let answer = try await server.ask(
            "POST", "/v1/chat/completions",
            body: """
                {"messages": [{"role": "user", "content": "abc def"}], "max_tokens": 40, \
                "temperature": 1, "seed": \(seed)\(bound)}
                """)
        #expect(answer.status == 200, "\(answer.body)")
        let message = answer.json?["choices"]?.array?.first?["message"]
        return Answer(
            thoughts: (message?["reasoning"] ?? message?["reasoning_content"])?.string ?? "",
            text: message?["content"]?.string ?? "")
    }

    @Test func `is kept to the token, alone and among others`() async throws {
        let budgets = [0, 1, 5, 12]
        var alone: [Answer] = []
        try await RunningServer.with(TestModel(template: Self.template)) { server in
            for seed in 0..<12 {
                let free = try await ask(server, seed: seed, budget: nil)
                let budget = budgets[seed % budgets.count]
                let bound = try await ask(server, seed: seed, budget: budget)
                // A token is a letter, or a byte of one.
                #expect(bound.thoughts.unicodeScalars.count <= budget)
                #expect(free.thoughts.hasPrefix(bound.thoughts))
                if free.thoughts.unicodeScalars.count > budget { #expect(!bound.text.isEmpty) }
                alone.append(bound)
            }
        }
        // Few places, small chunks and a cache that is full: requests wait and are preempted.
        let busy = try await TestModel(
            chunk: 3, running: 3, sequences: 2, template: Self.template)
        try await RunningServer.with(busy) { server in
            let found = try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
                for seed in 0..<12 {
                    group.addTask {
                        let budget = budgets[seed % budgets.count]
                        return (seed, try await ask(server, seed: seed, budget: budget))
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for seed in 0..<12 { #expect(found[seed] == alone[seed]) }
        }
    }
}
