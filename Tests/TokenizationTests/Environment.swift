import Foundation
import ModelFiles
import Testing
import Tokenization

/// Data that tests use where a developer has it: `QUIRE_SHARED_DATA` names a folder with
/// llama.cpp's vocabularies and goldens (`tokenizers/`) and references of real models
/// (`reference/`), `QUIRE_MODELS` one with those models.
enum Environment {
    static let sharedData = ProcessInfo.processInfo.environment["QUIRE_SHARED_DATA"]
    static let models = ProcessInfo.processInfo.environment["QUIRE_MODELS"]

    static func shared(_ path: String) throws -> Data {
        let folder = try #require(sharedData)
        return try Data(contentsOf: URL(filePath: folder + "/" + path))
    }

    static func vocabulary(_ name: String) throws -> Tokenizer {
        let folder = try #require(sharedData)
        let file = try GGUFFile.open("\(folder)/tokenizers/ggml-vocab-\(name).gguf")
        return try Tokenizer(gguf: file)
    }

    /// The lines of a gzipped file.
    static func gzippedLines(_ path: String) throws -> [Substring] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gunzip", "-c", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }
}
