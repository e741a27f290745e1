import QuireKit

// An installed model, the path of a file, or the built-in one.
let llm = try LLM(CommandLine.arguments.dropFirst().first ?? "demo")
let answers = try llm.generate(["Once upon a time"], SamplingParameters(maxTokens: 32))
print(answers[0].text)
