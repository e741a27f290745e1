import Foundation
import TestSupport
import Testing

/// Models whose files say something that is not read.
struct UnreadPartsTests {
    @Test(arguments: [
        ["generate", "--prompt", "Once", "--max-tokens", "2", "--model", "MODEL"],
        ["run", "MODEL", "Once", "--max-tokens", "2"],
        ["perplexity", "--model", "MODEL", "--file", "TEXT", "--context", "16"],
        [
            "bench", "latency", "--model", "MODEL", "--prompt-length", "8", "--output-length", "2",
            "--repetitions", "1", "--warm-up", "0",
        ],
    ])
    func `a hyper-parameter that nobody reads ends the command, unless it is to be passed over`(
        command: [String]
    ) throws {
        let folder = try TemporaryFolder()
        // A key of the same length in the place of one that describes the model.
        var bytes = try Data(contentsOf: QuireProcess.demoModel)
        let place = try #require(bytes.range(of: Data("general.description".utf8)))
        bytes.replaceSubrange(place, with: Data("llama.residual_what".utf8))
        let path = folder.path + "/changed.gguf"
        try bytes.write(to: URL(filePath: path))
        let text = folder.path + "/text"
        try String(repeating: "Once upon a time. ", count: 8)
            .write(toFile: text, atomically: true, encoding: .utf8)
        let arguments = command.map { $0 == "MODEL" ? path : $0 == "TEXT" ? text : $0 }
        let refused = try QuireProcess.run(arguments)
        #expect(!refused.succeeded && !refused.signalled && refused.stdout.isEmpty)
        #expect(refused.stderr.contains("llama.residual_what"))
        #expect(refused.stderr.contains("--ignore-unread"))
        let passed = try QuireProcess.run(arguments + ["--ignore-unread"])
        #expect(passed.succeeded, "\(passed.stderr)")
        #expect(passed.stderr.contains("warning: not read"))
        #expect(passed.stderr.contains("llama.residual_what"))
    }
}
