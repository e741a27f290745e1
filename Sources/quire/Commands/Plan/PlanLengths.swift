import Foundation
import KVCache
import Planning
import Simulation

/// How long sequences are, as `--lengths` says it.
enum PlanLengths {
    /// Reads the option.
    ///
    /// `800`: every running sequence holds 800 tokens. `mean:800`: around that, each length as
    /// likely. `161+338`: prompts of 161 tokens and answers of 338. Else the path of a trace.
    ///
    /// - Throws: `PlanningError` with what to write, and the line in a trace.
    static func parse(_ text: String, context: Int) throws -> ResidentLengths {
        if let tokens = Int(text) {
            try check(tokens, context, "--lengths \(text)")
            return .fixed(tokens)
        }
        if let mean = text.wholeMatch(of: /mean:([0-9]+)/).flatMap({ Int($0.output.1) }) {
            try check(mean, context, "--lengths \(text)")
            return .around(mean: mean, context: context)
        }
        if let match = text.wholeMatch(of: /([0-9]+)\+([0-9]+)/),
            let prompt = Int(match.output.1), let output = Int(match.output.2)
        {
            return .requests([try sample(prompt, output, context, "--lengths \(text)")])
        }
        return .requests(try file(text, context: context))
    }

    private static func check(_ tokens: Int, _ context: Int, _ place: String) throws {
        guard (1...context).contains(tokens) else {
            throw PlanningError(
                "\(place): \(tokens) tokens are not from 1 to the context of \(context); raise "
                    + "--context, or shorten the lengths.")
        }
    }

    private static func sample(
        _ prompt: Int, _ output: Int, _ context: Int, _ place: String
    ) throws -> LengthSample {
        guard prompt >= 1, output >= 1, prompt <= context, output <= context - prompt else {
            throw PlanningError(
                "\(place): a prompt of \(prompt) and an answer of \(output) tokens: both must be "
                    + "at least 1, and together at most the context of \(context); raise "
                    + "--context.")
        }
        return LengthSample(prompt: prompt, output: output)
    }

    /// The lengths of a trace, in any form that `quire simulate` reads.
    private static func file(_ path: String, context: Int) throws -> [LengthSample] {
        let name = Terminal.plain(path)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PlanningError(
                "--lengths \(name) is no file that can be read, and no lengths either: give 800, "
                    + "mean:800, 161+338, or a trace, of lines 'prompt,answer' say.")
        }
        let requests: [TraceRequest]
        do {
            requests = try Trace.read(Array(data), name: path).requests
        } catch {
            throw PlanningError("\(name): \(error)")
        }
        let samples = requests.map {
            LengthSample(prompt: max(1, $0.promptTokens), output: max(1, $0.outputTokens))
        }
        let long = samples.count { $0.prompt + $0.output > context }
        guard long == 0 else {
            let longest = samples.map { $0.prompt + $0.output }.max() ?? 0
            throw PlanningError(
                "\(name): \(long) of \(samples.count) requests are longer than the context of "
                    + "\(context) tokens; --context \(longest) holds them all.")
        }
        return samples
    }
}
