/// A file of a repository on the hub: `hf:owner/repository[:file][@revision]`.
struct HubFile: Hashable, Sendable, CustomStringConvertible {
    let owner: String
    let repository: String
    /// Nil: choose one.
    var file: String?
    let revision: String

    var description: String {
        "hf:\(owner)/\(repository)" + (file.map { ":" + $0 } ?? "")
            + (revision == "main" ? "" : "@" + revision)
    }

    init(parsing text: String) throws(ModelStoreError) {
        var body = text.dropFirst(3)
        var revision = "main"
        if let at = body.lastIndex(of: "@") {
            revision = String(body[body.index(after: at)...])
            body = body[..<at]
        }
        var file: String?
        if let colon = body.firstIndex(of: ":") {
            file = String(body[body.index(after: colon)...])
            body = body[..<colon]
        }
        let parts = body.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ Self.isPath($0) }), Self.isPath(revision[...]),
            file.map({ Self.isPath($0[...]) && $0.lowercased().hasSuffix(".gguf") }) ?? true
        else {
            throw ModelStoreError(
                .invalidSource,
                """
                \(ForeignText.quoted(text)) is no file of the hub: write hf:owner/repository, \
                hf:owner/repository:file.gguf, or either with @revision at its end.
                """)
        }
        owner = String(parts[0])
        repository = String(parts[1])
        self.file = file
        self.revision = revision
    }

    /// Whether a word is `owner/repository`, as the hub shows it.
    static func isRepository(_ word: String) -> Bool {
        word.count { $0 == "/" } == 1 && isPath(word[...]) && !word.hasSuffix(".gguf")
    }

    /// Whether the text is a relative path that stays below where it begins and whose characters
    /// need no escape in an address. The hub's own answers are held to it too.
    static func isPath(_ text: Substring) -> Bool {
        text.utf8.count <= 512
            && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && part.first != "."
                    && part.allSatisfy { character in
                        character.isASCII
                            && (character.isLetter || character.isNumber
                                || "._-+=".contains(character))
                    }
            }
    }
}
