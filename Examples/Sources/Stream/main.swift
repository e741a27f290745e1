import QuireKit

// The engine has a thread of its own: requests may come from any task, and each reads its answer
// as it is made. Leaving the loop early gives the request up.
let engine = try await Engine(CommandLine.arguments.dropFirst().first ?? "demo")
let parameters = SamplingParameters(temperature: 0.7, maxTokens: 48, seed: 7)
for try await delta in try engine.submit("The little dog", parameters) {
    print(delta.text, terminator: "")
}
print("")
await engine.shutdown()
