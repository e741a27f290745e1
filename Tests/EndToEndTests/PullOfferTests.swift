import Foundation
import Testing

/// What `quire run` offers on a terminal when a model is not here.
struct PullOfferTests {
    @Test(arguments: [("gemma-3-270m", "[Y/n]", "n"), ("gema-3-270m", "[y/N]", "")])
    func `a model that is not here is offered, and no is an answer`(
        name: String, choice: String, answer: String
    ) throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let terminal = try PseudoTerminal(
            ["run", name, "Once upon a time"], columns: 200, home: scratch.url)
        defer { terminal.close() }
        #expect(terminal.wait { terminal.output.contains(choice) }, "\(terminal.output)")
        #expect(terminal.output.contains("Pull gemma-3-270m (253.1 MB"), "\(terminal.output)")
        try terminal.type(answer + "\n")
        #expect(terminal.ends(), "\(terminal.output)")
        #expect(terminal.process.terminationStatus == 1)
        #expect(terminal.wait { terminal.output.contains("quire pull gemma-3-270m") })
        #expect(!FileManager.default.fileExists(atPath: scratch.url.path + "/models"))
    }
}
