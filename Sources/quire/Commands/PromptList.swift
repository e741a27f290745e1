import Conversation
import FoundationEssentials
import QuireIdentifiers

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

/// A line of a file of prompts: a JSON string, or an object with `prompt` (text or token ids).
struct PromptLine: Decodable {
    let prompt: PromptText

    private enum Keys: String, CodingKey {
        case prompt
    }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            prompt = .text(text)
            return
        }
        let object = try decoder.container(keyedBy: Keys.self)
        if let text = try? object.decode(String.self, forKey: .prompt) {
            prompt = .text(text)
        } else {
            prompt = .tokens(try object.decode([UInt32].self, forKey: .prompt).map { TokenID($0) })
        }
    }

    /// Reads a file of one prompt a line; empty lines are passed over.
    ///
    /// - Returns: for each line its number, from 1, and its prompt; nil where it is none.
    static func parse(_ text: String) -> [(number: Int, prompt: PromptText?)] {
        var lines: [(number: Int, prompt: PromptText?)] = []
        let parts = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, part) in parts.enumerated() {
            guard part.contains(where: { !$0.isWhitespace }) else { continue }
            let line = try? JSONDecoder().decode(PromptLine.self, from: Data(part.utf8))
            lines.append((index + 1, line?.prompt))
        }
        return lines
    }
}
