import Foundation
import Testing

/// A batch's files and the command over them.
struct BatchFiles {
    let scratch: ScratchFolder
    let input: URL
    let output: URL

    init(_ lines: [String]) throws {
        scratch = try ScratchFolder()
        input = try scratch.write("requests.jsonl", lines.map { $0 + "\n" }.joined())
        output = scratch.url.appending(path: "results.jsonl")
    }

    /// A line of a request.
    static func line(_ id: String, _ body: [String: Any]) throws -> String {
        try json([
            "custom_id": id, "method": "POST", "url": "/v1/completions", "body": body,
        ])
    }

    static func json(_ object: [String: Any]) throws -> String {
        // Sorted, because a batch takes note of every byte of a line.
        String(
            decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys),
            as: UTF8.self)
    }

    /// Runs the command.
    func run(_ arguments: String...) throws -> QuireProcess.Outcome {
        try QuireProcess.run(
            [
                "batch", "--model", QuireProcess.demoModel.path, "--input", input.path, "--output",
                output.path,
            ] + arguments)
    }

    /// The lines of the output, each of which has to be one JSON object.
    func results() throws -> [[String: Any]] {
        try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map { line in
            try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    /// What no interruption may change: each result without its time, by its id.
    func comparable() throws -> [String: String] {
        var byID: [String: String] = [:]
        for result in try results() {
            let id = try #require(result["id"] as? String)
            var result = result
            if var response = result["response"] as? [String: Any],
                var body = response["body"] as? [String: Any]
            {
                body["created"] = nil
                // What the cache had depends on what came before.
                if var usage = body["usage"] as? [String: Any] {
                    usage["prompt_tokens_details"] = nil
                    body["usage"] = usage
                }
                response["body"] = body
                result["response"] = response
            }
            let data = try JSONSerialization.data(
                withJSONObject: result, options: [.sortedKeys])
            #expect(byID.updateValue(String(decoding: data, as: UTF8.self), forKey: id) == nil)
        }
        return byID
    }
}

/// A result by the parts that tests look at.
struct BatchAnswer {
    let status: Int?
    let body: [String: Any]
    let code: String?

    init(_ customID: String?, in results: [[String: Any]]) throws {
        let result = try #require(results.first { $0["custom_id"] as? String == customID })
        let response = result["response"] as? [String: Any]
        status = response?["status_code"] as? Int
        body = response?["body"] as? [String: Any] ?? [:]
        code = (result["error"] as? [String: Any])?["code"] as? String
    }

    var choices: [[String: Any]] { body["choices"] as? [[String: Any]] ?? [] }
    var texts: [String] { choices.compactMap { $0["text"] as? String } }
    var usage: [String: Any] { body["usage"] as? [String: Any] ?? [:] }
}
