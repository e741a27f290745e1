import ChatTemplates
import Foundation
import ModelStore

/// The chat template that a conversation is written with.
struct ChatTemplateChoice: Hashable {
    /// Where it is from, for messages about it.
    let name: String
    /// Its source.
    let source: String
    /// Whether it is the model's own.
    let isOwn: Bool

    /// The template that a person asked for, or else the model's own; nil: it has none.
    ///
    /// - Parameters:
    ///   - word: the name of one that is built in or in the model's file, or a file.
    ///   - own: those in the model's file, by name.
    /// - Throws: when there is none of that name, or the file cannot be read.
    init?(_ word: String?, own: [String: String]) throws {
        guard let word else {
            guard let source = own["default"] else { return nil }
            self.init(name: "the model's chat template", source: source, isOwn: true)
            return
        }
        if let source = BuiltInTemplates.source(word) {
            self.init(name: word, source: source, isOwn: false)
        } else if let source = own[word] {
            self.init(name: "the model's chat template \(word)", source: source, isOwn: true)
        } else if Self.isFile(word) {
            let bytes = try AttachedFiles.bytes(of: word, atMost: Self.fileBytes)
            let text = try TextInput.text(bytes, of: word, lossy: nil)
            self.init(name: word, source: text, isOwn: false)
        } else {
            throw Self.unknown(word, own)
        }
    }

    private init(name: String, source: String, isOwn: Bool) {
        self.name = name
        self.source = source
        self.isOwn = isOwn
    }

    /// Bytes of as many characters as a source may have.
    private static let fileBytes = 4 * TemplateLimits.sourceCharacters

    private static func isFile(_ word: String) -> Bool {
        word.contains("/") || word.contains(".") || FileManager.default.fileExists(atPath: word)
    }

    private static func unknown(_ word: String, _ own: [String: String]) -> ChatRefusal {
        let names = BuiltInTemplates.names
        let near = NearNames.suggestions(for: word, among: names + own.keys)
        let advice = near.first.map { " Did you mean \($0)?" } ?? ""
        let more =
            own.isEmpty
            ? "" : " The model's file has \(own.keys.sorted().joined(separator: ", "))."
        return ChatRefusal(
            "there is no chat template '\(word)' and no such file.\(advice) Built in are "
                + names.joined(separator: ", ") + ".\(more)")
    }
}
