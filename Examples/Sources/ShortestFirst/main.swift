import QuireKit

// An order of one's own: of the prompts that wait, the shortest is answered first.
struct ShortestFirst: OrderPolicy {
    func position(of request: Request, arrival: Duration) -> QueueKey {
        QueueKey(major: request.prompt.count, minor: arrival)
    }
}

var options = ModelOptions()
options.context = 256
options.batch = 1
options.orderPolicy = ShortestFirst()
let llm = try LLM(CommandLine.arguments.dropFirst().first ?? "demo", options)

let prompts = [
    "Once upon a time there was a very old tree that stood at the end of a long road.",
    "The dog ran.",
    "One day a little girl went to the park.",
]
let answers = try llm.generate(prompts, SamplingParameters(maxTokens: 12, ignoreEOS: true))
for answer in answers.sorted(by: {
    ($0.timeline.finished ?? .zero) < ($1.timeline.finished ?? .zero)
}) {
    print("\(answer.promptTokens.count) tokens:\(answer.text)")
}
