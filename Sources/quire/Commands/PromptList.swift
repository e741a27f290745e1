import Conversation
import QuireIdentifiers
import QuireJSON

/// A prompt of a command line or of a line of a file.
typealias PromptText = CompletionPrompt

extension PromptText {
    /// Reads a list of token ids: `1,2,3`.
    init?(rawIDs: String) {
        var tokens: [TokenID] = []
        for part in rawIDs.split(separator: ",", omittingEmptySubsequences: false) {
            // Spaces around an id are welcome; "1 2" is not the id 12.
            let words = part.split(whereSeparator: \.isWhitespace)
            guard words.count == 1, let id = UInt32(words[0]) else { return nil }
            tokens.append(TokenID(id))
        }
        self = .tokens(tokens)
    }
}

/// A line of a file of prompts: a JSON string, or an object with `prompt` (text or token ids) and
/// perhaps an `id`.
struct PromptLine {
    let prompt: PromptText
    /// What its row is to carry, as it was given.
    let id: PromptID?

    /// What is wrong with a line.
    struct Failure: Error {
        let message: String
    }

    /// A prompt of the command line.
    init(_ prompt: PromptText) {
        self.prompt = prompt
        id = nil
    }

    /// Reads a line.
    init(_ line: LineReader.Line) throws(Failure) {
        guard let bytes = line.bytes else {
            throw Failure(message: "more than \(LineReader.maxRequestBytes) bytes")
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, path: "the line")
        } catch {
            throw Failure(message: Terminal.plain(error.description))
        }
        if let text = value.string {
            prompt = .text(text)
            id = nil
            return
        }
        do throws(RequestError) {
            var members = try MemberReader(value, name: "the line")
            let prompt = try members.read("prompt", "a text or a list of token ids") { value in
                value.string.map { PromptText.text($0) }
                    ?? MemberReader.tokens(value).map { PromptText.tokens($0) }
            }
            guard let prompt else { throw RequestError("`prompt` is missing", param: "prompt") }
            self.prompt = prompt
            id = try members.read("id", "a string or an integer") { PromptID($0) }
            try members.finish()
        } catch {
            throw Failure(message: error.message)
        }
    }

    /// Reads a file of one prompt a line; empty lines are passed over.
    ///
    /// - Returns: for each line its number, from 1, and its prompt, or what is wrong with it.
    static func read(_ path: String) throws -> [(number: Int, prompt: Result<PromptLine, Failure>)]
    {
        var lines: [(number: Int, prompt: Result<PromptLine, Failure>)] = []
        var reader = try LineReader(path: path, maxBytes: LineReader.maxRequestBytes)
        while let line = try reader.nextFilled() {
            lines.append(
                (line.number, Result { () throws(Failure) in try PromptLine(line) }))
        }
        return lines
    }
}

/// The name that a prompt brings for its row: a string or an integer, which stays what it is.
enum PromptID: Encodable, Hashable {
    case text(String)
    case number(Int)

    init?(_ value: JSONValue) {
        if let text = value.string {
            self = .text(text)
        } else if let number = value.integer {
            self = .number(number)
        } else {
            return nil
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        }
    }
}
