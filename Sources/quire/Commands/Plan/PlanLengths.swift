import ArgumentParser
import Foundation
import KVCache
import Planning

/// How long sequences are, as `--lengths` says it.
enum PlanLengths {
    /// Reads the option.
    ///
    /// `800`: every running sequence holds 800 tokens. `mean:800`: around that, each length as
    /// likely. `161+338`: prompts of 161 tokens and answers of 338. Else the path of a file, a line
    /// a request: its prompt's and its answer's tokens.
    ///
    /// - Throws: `ValidationError` with what to write, and the line in a file.
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
            throw ValidationError(
                "\(place): \(tokens) tokens are not from 1 to the context of \(context); raise "
                    + "--context, or shorten the lengths.")
        }
    }

    private static func sample(
        _ prompt: Int, _ output: Int, _ context: Int, _ place: String
    ) throws -> LengthSample {
        guard prompt >= 1, output >= 1, prompt <= context, output <= context - prompt else {
            throw ValidationError(
                "\(place): a prompt of \(prompt) and an answer of \(output) tokens: both must be "
                    + "at least 1, and together at most the context of \(context); raise "
                    + "--context.")
        }
        return LengthSample(prompt: prompt, output: output)
    }

    private static func file(_ path: String, context: Int) throws -> [LengthSample] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ValidationError(
                "--lengths \(Terminal.plain(path)) is no file that can be read, and no lengths "
                    + "either: give 800, mean:800, 161+338, or a file of lines "
                    + "'prompt,answer'.")
        }
        var samples: [LengthSample] = []
        let lines = String(decoding: data, as: UTF8.self)
            .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let text = line.trimmingCharacters(in: .whitespaces)
            guard !text.isEmpty, !text.hasPrefix("#") else { continue }
            let fields = text.split { $0 == "," || $0 == "\t" || $0 == " " || $0 == ";" }
            let numbers = fields.compactMap { Int($0) }
            // A line of names may stand at the head.
            if samples.isEmpty, numbers.isEmpty, fields.count == 2 { continue }
            let place = "\(Terminal.plain(path)), line \(index + 1)"
            guard fields.count == 2, numbers.count == 2 else {
                throw ValidationError(
                    "\(place): '\(Terminal.plain(String(text.prefix(40))))' is not a prompt's and "
                        + "an answer's tokens, such as 161,338.")
            }
            samples.append(try sample(numbers[0], numbers[1], context, place))
            guard samples.count <= PlanningLimits.lengths else {
                throw ValidationError("\(place): more than \(PlanningLimits.lengths) requests.")
            }
        }
        guard !samples.isEmpty else {
            throw ValidationError("\(Terminal.plain(path)) has no line 'prompt,answer'.")
        }
        return samples
    }
}
