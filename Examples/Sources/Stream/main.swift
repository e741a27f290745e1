import QuireKit

// The engine has a thread of its own: requests may come from any task, and each reads its answer
// as it is made. Leaving the loop early gives the request up.
let engine = try await Engine(CommandLine.arguments.dropFirst().first ?? "demo")
let stream = try engine.submit(
    "The little dog", SamplingParameters(temperature: 0.7, maxTokens: 48, seed: 7))
for try await delta in stream {
    print(delta.text, terminator: "")
}
print("")
await engine.shutdown()
