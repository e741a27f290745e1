import QuireKit

// A program that reads answers in the shortest way there is: loops over streams that no variable
// holds, at the top level. Built with optimization this once gave answers up as they began, for the
// compiler ends what it believes to be unused; the tests, which are built without, do not show it.
let engine = try await Engine("demo")
let parameters = SamplingParameters(maxTokens: 40, ignoreEOS: true)
var text = ""
var reason: FinishReason?
for try await delta in try engine.submit("The little dog", parameters) {
    text += delta.text
    reason = delta.finishReason ?? reason
}
guard reason == .length, !text.isEmpty else {
    preconditionFailure("an answer ended by \(String(describing: reason)) after \"\(text)\"")
}
await engine.shutdown()
