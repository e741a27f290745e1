import ArgumentParser
import FoundationEssentials
import ModelFiles
import QuireKit

struct ConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write a model as a GGUF file, rounded to another format or as it is.",
        discussion: """
            quire convert ./Qwen2.5-0.5B-Instruct qwen.gguf --quantize q4_k_m

            Takes a folder of safetensors as the Hugging Face hub has them, or a GGUF file, split \
            or not. The file that it writes has the tokenizer and the chat templates, and other \
            programs read it as well. It is there whole or not at all: until then it is \
            FILE.partial, and Ctrl-C leaves nothing.

            The formats and the mixes of two are those of llama.cpp, by its names. Without \
            --quantize every matrix stays in its format. To round the weights at each start \
            instead, give --quantize to the command that runs the folder.
            """)

    @Argument(
        help: ArgumentHelp(
            "An installed model, or the path of a folder or a file.", valueName: "model"),
        completion: ModelCompletion.models)
    var model: String

    @Argument(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
    var file: String

    @Option(
        name: .long,
        help: ArgumentHelp("What matrices are rounded to.", valueName: "format"))
    var quantize: Quantization?

    @Flag(help: "Replace a file that is there.")
    var force = false

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Threads that round (default: all usable cores).", valueName: "n"))
    var threads: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try requirePositive(threads, "--threads")
    }

    private struct Report: Encodable {
        let path: String
        let bytes: Int
        let quantization: String?
    }

    func run() async throws {
        try checkPlace()
        let conversion = try ModelConversion(model, quantization: quantize, threads: threads)
        for warning in conversion.warnings { Terminal.note("warning: \(warning.message)") }
        let flag = StopFlag()
        do {
            try flag.watching {
                let progress = ProgressLine()
                defer { progress.clear() }
                try conversion.write(to: file) { written in
                    progress.update(received: written, total: conversion.byteCount)
                    return !flag.isRaised
                }
            }
        } catch _ where flag.isRaised {
            Terminal.note("\(Terminal.plain(file)) was not written.")
            throw ExitCode(130)
        }
        switch output.format {
        case .json:
            print(
                try JSONText.line(
                    Report(
                        path: file, bytes: conversion.byteCount,
                        quantization: quantize?.rawValue)))
        case .text: print("\(Terminal.plain(file))  \(Sizes.bytes(conversion.byteCount))")
        }
    }

    /// Refuses a place that has something already, before the work.
    private func checkPlace() throws {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else { return }
        let name = Terminal.plain(file)
        guard !isFolder else {
            throw ValidationError("\(name) is a folder; name the file, such as model.gguf.")
        }
        guard force else {
            throw ValidationError("\(name) is there already; --force replaces it.")
        }
    }
}
