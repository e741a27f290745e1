import ArgumentParser
import QuireIdentifiers
import Tokenization

struct TokenizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize",
        abstract: "Turn text into a model's tokens, or tokens into text.",
        discussion: """
            Reads --text, or all of stdin as it is. Text is text: the names of special tokens in \
            it are taken for the tokens only with --special, and nothing is added unless --prompt \
            asks for what the model wants around a prompt.

              quire tokenize --model gemma-3-270m --text "Hello world"
              quire tokenize --model gemma-3-270m --decode --text "9259 1902"
            """)

    @Option(
        help: "An installed model, the path of a GGUF file, or of a tokenizer.json.",
        completion: ModelCompletion.models)
    var model: String

    @Option(help: "The text (with --decode, the ids) instead of stdin.")
    var text: String?

    @Flag(help: "Turn ids, apart by spaces or commas, into text.")
    var decode = false

    @Flag(help: "Take the names of special tokens for the tokens; with --decode, write them.")
    var special = false

    @Flag(help: "Add what the model wants around a prompt, such as BOS.")
    var prompt = false

    @OptionGroup var input: TextOptions

    @OptionGroup var output: OutputOptions

    private struct Encoded: Encodable {
        let count: Int
        let tokens: [UInt32]
        let pieces: [String]
    }

    private struct Decoded: Encodable {
        let text: String
    }

    func validate() throws {
        if decode && prompt { throw ValidationError("--prompt is for text, not for --decode") }
    }

    func run() async throws {
        let tokenizer = try TokenizerSource.load(model)
        let text = try text ?? standardInput()
        if decode {
            try write(tokenizer.decode(try ids(text, tokenizer), skipSpecial: !special))
        } else if prompt {
            try write(tokenizer.encodePrompt(text, parseSpecial: special), tokenizer)
        } else {
            try write(tokenizer.encode(text, parseSpecial: special), tokenizer)
        }
    }

    private func standardInput() throws -> String {
        if Terminal.stdinIsTerminal { Terminal.note("Reading text until Ctrl-D.") }
        return try StandardStreams.readAll(lossy: input.lossy)
    }

    private func ids(_ input: String, _ tokenizer: Tokenizer) throws -> [TokenID] {
        let separators: Set<Character> = [" ", "\n", "\r\n", "\t", ",", "[", "]"]
        return try input.split(whereSeparator: separators.contains).map { word in
            guard let number = UInt32(word), Int(number) < tokenizer.vocabularySize else {
                throw ValidationError(
                    "'\(Terminal.plain(String(word)))' is no token id: ids are 0 to"
                        + " \(tokenizer.vocabularySize - 1)")
            }
            return TokenID(number)
        }
    }

    private func write(_ text: String) throws {
        switch output.format {
        case .json: print(try JSONText.line(Decoded(text: text)))
        case .text: StandardStreams.write(answer: text + "\n")
        }
    }

    private func write(_ ids: [TokenID], _ tokenizer: Tokenizer) throws {
        // What a token says, not how its file spells it; half characters show as U+FFFD.
        let pieces = ids.map { String(decoding: tokenizer.bytes(of: $0), as: UTF8.self) }
        switch output.format {
        case .json:
            let encoded = Encoded(
                count: ids.count, tokens: ids.map(\.rawValue), pieces: pieces)
            print(try JSONText.line(encoded))
        case .text:
            var table = TextTable([("ID", .right), ("TOKEN", .left)])
            for (id, piece) in zip(ids, pieces) {
                table.append(["\(id)", "'" + Terminal.plain(piece) + "'"])
            }
            for line in table.lines { print(line) }
        }
    }
}
