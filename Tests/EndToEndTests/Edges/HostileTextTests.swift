import Foundation
import ModelFiles
import Testing

/// Model files that say what would command a terminal.
struct HostileTextTests {
    private static let escape = "\u{1B}[2J\u{1B}]0;owned\u{7}\u{9B}31m\u{202E}"

    /// A file whose texts are all hostile.
    private func hostile(_ scratch: ScratchFolder, architecture: String) throws -> String {
        var writer = GGUFWriter()
        writer.add("general.architecture", text: architecture)
        writer.add("general.name", text: Self.escape)
        writer.add("tokenizer.ggml.model", text: Self.escape)
        writer.addTensor("t\u{202E}", dimensions: [4], floats: [0, 1, 2, 3])
        let path = scratch.url.appending(path: "models/hostile.gguf").path
        try FileManager.default.createDirectory(
            at: scratch.url.appending(path: "models"), withIntermediateDirectories: true)
        try writer.write(to: path)
        return path
    }

    @Test(arguments: [
        ["inspect", "hostile", "--tensors"], ["inspect", "hostile", "--format", "json"],
        ["list"], ["list", "--format", "json"], ["doctor"], ["doctor", "--format", "json"],
        ["tokenize", "--model", "hostile", "--text", "a"],
        ["generate", "--model", "hostile", "--prompt", "a"], ["run", "hostile", "a"],
        ["inspect", "\u{1B}[2J\u{9B}"], ["generate", "--model", "\u{1B}[2J", "--prompt", "a"],
        ["tokenize", "--model", "demo", "--decode", "--text", "\u{1B}[2J"],
    ])
    func `nothing that a file says commands the terminal`(arguments: [String]) throws {
        for architecture in ["llama", "llama" + Self.escape] {
            let scratch = try ScratchFolder()
            defer { scratch.remove() }
            _ = try hostile(scratch, architecture: architecture)
            let run = try QuireProcess.run(
                arguments, environment: ["QUIRE_HOME": scratch.url.path])
            #expect(!run.signalled)
            for scalar in (run.stdout + run.stderr).unicodeScalars where scalar != "\n" {
                let isCommand =
                    scalar.properties.generalCategory == .control || scalar == "\u{202E}"
                #expect(!isCommand, "U+\(String(scalar.value, radix: 16)) in \(run)")
                if isCommand { return }
            }
        }
    }
}
