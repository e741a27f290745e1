import QuireKit

// Many prompts at once: they share the steps and whatever they begin with alike, and each gets the
// tokens that it would get alone.
var options = ModelOptions()
options.context = 256
options.batch = 8
let llm = try LLM(CommandLine.arguments.dropFirst().first ?? "demo", options)

let animals = ["cat", "dog", "bird", "fish", "frog", "bear", "mouse", "horse"]
let prompts = animals.map {
    "Once upon a time, in a small house at the end of a long road, there lived a little \($0). The \($0)"
}
let answers = try llm.generate(prompts, SamplingParameters(maxTokens: 24))
for (animal, answer) in zip(animals, answers) {
    print("\(animal):\(answer.text)")
}
let statistics = llm.statistics
print(
    "\(statistics.promptTokens) tokens of prompts, \(statistics.cachedPromptTokens) of them shared, "
        + "in \(statistics.scheduling.steps) steps")
